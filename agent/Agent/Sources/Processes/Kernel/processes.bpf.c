// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0)
//
// Runs in the kernel at each successful exec and describes the new program: docs/decisions/0020-process-events.md.
// Compile with tools/bpf.sh, which also compares the compiled object beside this file.
//
// Everything is read after the kernel has set up the new program and before its first instruction: what is read is what runs, however
// soon it ends, and nobody can change it meanwhile. No offset of a kernel structure is compiled in: the agent looks them up in the type
// information of the running kernel (KernelLayout.cs) and hands them in through the map "layout".

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long s64;

#define SECTION(name) __attribute__((section(name), used))
#define MAP_ARRAY 2
#define MAP_PERCPU_ARRAY 6
#define MAP_RINGBUF 27

static void *(*const map_lookup)(void *map, const void *key) = (void *)1;
static u64 (*const current_pid_tgid)(void) = (void *)14;
static s64 (*const current_comm)(void *to, u32 size) = (void *)16;
static u64 (*const current_task)(void) = (void *)35;
static s64 (*const read_user)(void *to, u32 size, const void *from) = (void *)112;
static s64 (*const read_kernel)(void *to, u32 size, const void *from) = (void *)113;
static s64 (*const read_kernel_text)(void *to, u32 size, const void *from) = (void *)115;
static u64 (*const boot_time)(void) = (void *)125;
static s64 (*const ring_output)(void *ring, void *data, u64 size, u64 flags) = (void *)130;

struct map { u32 type, key_size, value_size, entries; };

#define MAX_ANCESTORS 8
#define MAX_NAME 256      // a name of a file or a control group, with its NUL
#define MAX_FILE_NAME 512 // the path that was given to execve
#define MAX_PATH 1024     // all names of a path together
#define MAX_ARGUMENTS 8192
#define MAX_TEXT (MAX_FILE_NAME + 3 * (MAX_PATH + MAX_NAME)) // all but the arguments
#define MAX_DEPTH 24

#define ARGUMENTS_UNREADABLE 1
#define PATH_INCOMPLETE 2
#define CGROUP_INCOMPLETE 4
#define NO_NAME_LEFT 8 // of the file that runs: deleted, or never had one (memfd)
#define PARENT_CGROUP_INCOMPLETE 16

// As KernelLayout.Fields lists them.
struct layout {
    u32 task_parent, task_leader, task_tgid, task_started, task_comm, task_cred, task_mm, task_cgroups;
    u32 cred_uid, cred_gid, cred_euid, cred_egid, cred_capabilities;
    u32 mm_arguments, mm_arguments_end;
    u32 set_cgroup, state_cgroup, cgroup_node, node_name, node_parent;
    u32 program_file_name, program_file, program_argc;
    u32 file_mount, file_entry, entry_parent, entry_name, entry_inode, inode_links;
    u32 mount_inner, mount_parent, mount_point, inner_root;
    u32 task_namespaces, namespaces_mounts, mounts_id;
    u32 is_state; // set_cgroup leads to a subsystem's state (cgroup v1), and not to the group itself
};

struct ancestor { u32 pid, reserved; u64 started; char comm[16]; };

// As ProcessRecord.cs reads it; after it the texts, one after the other.
struct event {
    u32 size, pid, parent, flags;
    u32 uid, gid, euid, egid;
    u64 time, started, capabilities, arguments_total;
    u32 argc;
    u16 ancestors, file_name, path, cgroup, arguments, parent_cgroup;
    char comm[16];
    u64 mounts, parent_mounts; // the ids of the mount namespaces, which the kernel gives once; their inode numbers it gives again
    struct ancestor chain[MAX_ANCESTORS];
};

// Room for a whole event, as the stack has 512 bytes. What is known of "end" is forgotten at each read, on purpose: the kernel's verifier
// sees the same state at every turn of a loop, and does not follow each combination of lengths.
struct scratch {
    struct event event;
    u8 text[MAX_TEXT + MAX_ARGUMENTS];
    volatile u32 end;
};

struct map SECTION("maps") layout = { MAP_ARRAY, 4, sizeof(struct layout), 1 };
struct map SECTION("maps") scratch = { MAP_PERCPU_ARRAY, 4, sizeof(struct scratch), 1 };
struct map SECTION("maps") counts = { MAP_PERCPU_ARRAY, 4, 8, 2 }; // 0: events, 1: lost, because the ring was full
struct map SECTION("maps") ring = { MAP_RINGBUF, 0, 0, 8 << 20 };

static __attribute__((always_inline)) u64 pointer(u64 from, u32 offset)
{
    u64 value = 0;
    read_kernel(&value, 8, (void *)(from + offset));
    return value;
}

static __attribute__((always_inline)) u32 number(u64 from, u32 offset)
{
    u32 value = 0;
    read_kernel(&value, 4, (void *)(from + offset));
    return value;
}

static __attribute__((always_inline)) void count(u32 which)
{
    u64 *counter = map_lookup(&counts, &which);
    if (counter)
        *counter += 1;
}

static __attribute__((always_inline)) void read_ancestors(struct event *event, u64 task, const struct layout *at)
{
    u32 found = 0;
    for (u32 i = 0; i < MAX_ANCESTORS; i++) {
        u64 parent = pointer(pointer(task, at->task_parent), at->task_leader);
        if (!parent || parent == task)
            break;
        struct ancestor *one = &event->chain[i];
        one->pid = number(parent, at->task_tgid);
        if (one->pid == 0)
            break;
        one->started = pointer(parent, at->task_started);
        read_kernel(one->comm, sizeof(one->comm), (void *)(parent + at->task_comm));
        task = parent;
        found = i + 1;
    }

    event->ancestors = found;
    event->parent = found > 0 ? event->chain[0].pid : 0;
}

static __attribute__((always_inline)) void read_credentials(struct event *event, u64 task, const struct layout *at)
{
    u64 cred = pointer(task, at->task_cred);
    event->uid = number(cred, at->cred_uid);
    event->gid = number(cred, at->cred_gid);
    event->euid = number(cred, at->cred_euid);
    event->egid = number(cred, at->cred_egid);
    event->capabilities = pointer(cred, at->cred_capabilities);
}

// Appends a name with its NUL; false when it has no room among the names that began at "from".
static __attribute__((always_inline)) int append_name(struct scratch *to, u32 from, u64 name)
{
    u32 end = to->end;
    if (end - from > MAX_PATH || end > MAX_TEXT - MAX_NAME)
        return 0;
    s64 length = read_kernel_text(to->text + end, MAX_NAME, (void *)name);
    if (length <= 0 || length > MAX_NAME)
        return 0;
    to->end = end + length;
    return 1;
}

// The names from the running file up to the root that its mount namespace shows, across mounts; innermost first.
static __attribute__((always_inline)) void read_path(struct scratch *to, u64 file, const struct layout *at)
{
    u64 entry = pointer(file, at->file_entry);
    u64 mount = pointer(file, at->file_mount) - at->mount_inner;
    u32 from = to->end;
    if (number(pointer(entry, at->entry_inode), at->inode_links) == 0)
        to->event.flags |= NO_NAME_LEFT;
    // What is in memory only is in no folder, but has a name: memfd:NAME.
    if (entry == pointer(entry, at->entry_parent))
        append_name(to, from, pointer(entry, at->entry_name));
    to->event.flags |= PATH_INCOMPLETE;
    for (u32 i = 0; i < MAX_DEPTH; i++) {
        u64 parent = pointer(entry, at->entry_parent);
        if (entry == pointer(mount + at->mount_inner, at->inner_root) || entry == parent) {
            u64 above = pointer(mount, at->mount_parent);
            if (above == mount || !above) {
                to->event.flags &= ~PATH_INCOMPLETE;
                break;
            }
            entry = pointer(mount, at->mount_point);
            mount = above;
            continue;
        }
        if (!append_name(to, from, pointer(entry, at->entry_name)))
            break;
        entry = parent;
    }

    to->event.path = to->end - from;
}

static __attribute__((always_inline)) u64 mounts_of(u64 task, const struct layout *at)
{
    return pointer(pointer(pointer(task, at->task_namespaces), at->namespaces_mounts), at->mounts_id);
}

static __attribute__((always_inline)) u64 group_of(u64 task, const struct layout *at)
{
    u64 group = pointer(pointer(task, at->task_cgroups), at->set_cgroup);
    return at->is_state ? pointer(group, at->state_cgroup) : group;
}

// Appends the names of a control group, innermost first; the root's, which is empty, is the last. Sets the flag when they do not fit.
static __attribute__((always_inline)) u16 read_cgroup(struct scratch *to, u64 group, u32 incomplete, const struct layout *at)
{
    u64 node = pointer(group, at->cgroup_node);
    u32 from = to->end;
    to->event.flags |= incomplete;
    for (u32 i = 0; i < MAX_DEPTH; i++) {
        if (!node) {
            to->event.flags &= ~incomplete;
            break;
        }
        if (!append_name(to, from, pointer(node, at->node_name)))
            break;
        node = pointer(node, at->node_parent);
    }

    return to->end - from;
}

// The parent's control group is read when it is another one: by that a process is known which enters a container from outside.
static __attribute__((always_inline)) void read_cgroups(struct scratch *to, u64 task, const struct layout *at)
{
    u64 parent = pointer(pointer(task, at->task_parent), at->task_leader);
    u64 own = group_of(task, at);
    u64 of_parent = group_of(parent, at);
    to->event.cgroup = read_cgroup(to, own, CGROUP_INCOMPLETE, at);
    to->event.parent_cgroup = 0;
    if (of_parent != own)
        to->event.parent_cgroup = read_cgroup(to, of_parent, PARENT_CGROUP_INCOMPLETE, at);
    to->event.mounts = mounts_of(task, at);
    to->event.parent_mounts = mounts_of(parent, at);
}

static __attribute__((always_inline)) void read_arguments(struct scratch *to, u64 task, const struct layout *at)
{
    u64 memory = pointer(task, at->task_mm);
    u64 start = pointer(memory, at->mm_arguments);
    u64 size = pointer(memory, at->mm_arguments_end) - start;
    u32 end = to->end;
    to->event.arguments_total = size;
    to->event.arguments = 0;
    if (size > MAX_ARGUMENTS)
        size = MAX_ARGUMENTS;
    // The verifier must see the checks that follow, on the registers that are used.
    asm volatile("" : "+r"(size), "+r"(end));
    if (size == 0 || size > MAX_ARGUMENTS || end > MAX_TEXT)
        return;
    if (read_user(to->text + end, size, (void *)start)) {
        to->event.flags |= ARGUMENTS_UNREADABLE;
        return;
    }

    to->event.arguments = size;
    to->end = end + size;
}

// Arguments of the tracepoint: the task, its process id before, the program (struct linux_binprm).
SECTION("raw_tracepoint/sched_process_exec") int on_exec(u64 *context)
{
    u32 zero = 0;
    struct layout *at = map_lookup(&layout, &zero);
    struct scratch *to = map_lookup(&scratch, &zero);
    if (!at || !to)
        return 0;

    u64 task = current_task();
    u64 program = context[2];
    struct event *event = &to->event;
    event->flags = 0;
    event->time = boot_time();
    event->pid = current_pid_tgid() >> 32;
    event->started = pointer(task, at->task_started);
    event->argc = number(program, at->program_argc);
    current_comm(event->comm, sizeof(event->comm));
    read_credentials(event, task, at);
    read_ancestors(event, task, at);

    s64 length = read_kernel_text(to->text, MAX_FILE_NAME, (void *)pointer(program, at->program_file_name));
    to->end = event->file_name = length > 0 && length <= MAX_FILE_NAME ? length : 0;
    read_path(to, pointer(program, at->program_file), at);
    read_cgroups(to, task, at);
    read_arguments(to, task, at);

    count(0);
    u64 size = sizeof(struct event) + to->end;
    event->size = size;
    asm volatile("" : "+r"(size));
    if (size > sizeof(struct event) + sizeof(to->text) || ring_output(&ring, to, size, 0))
        count(1);
    return 0;
}

// The kernel lends some of these functions only to programs with a license that it accepts.
char SECTION("license") terms[] = "GPL";
