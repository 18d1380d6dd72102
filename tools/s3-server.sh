#!/usr/bin/env bash
# A real S3 server for tests: Ceph's object gateway on 127.0.0.1, with its data in memory. It knows Object Lock and SSE-KMS (testkey-1).
#
#   s3-server.sh install                          makes sure that the Debian packages are there
#   s3-server.sh start DIR PORT [MONITOR_PORT]    starts what is not running, waits until it answers; the data outlives a killed gateway
#   s3-server.sh stop DIR                         stops it by process id; the next start begins with an empty store
#   s3-server.sh fill-up DIR                      from now on writes to trail's buckets are refused: 403 QuotaExceeded
#   s3-server.sh make-room DIR                    takes that back
#
# Users: trailkey/trailsecret owns buckets; writerkey/writersecret may do what a bucket's policy gives to arn:aws:iam:::user/writer.
# CLUSTERTRAIL_TEST_OWNER=pid stops the server when that process ends, however it ends.
# Exit codes: 0 done, 1 failed (see DIR/log), 2 wrong usage, 3 a part is missing and cannot be installed here.
set -euo pipefail

packages=(ceph-mon ceph-osd radosgw)
programs=(ceph-mon ceph-osd radosgw radosgw-admin ceph ceph-authtool monmaptool)

say() { echo "s3-server: $*" >&2; }
usage() { sed -n '4,8s/^# *//p' "$0" >&2; exit 2; }

missing() {
    local program
    for program in "${programs[@]}"; do command -v "$program" >/dev/null || echo "$program"; done
}

install() {
    local lacking
    lacking=$(missing | tr '\n' ' ')
    [[ -n $lacking ]] || return 0
    if ! command -v apt-get >/dev/null || [[ $(id -u) != 0 ]]; then
        say "missing: ${lacking% }. Install the Debian packages ${packages[*]}, or run this as root on Debian."
        exit 3
    fi
    if ! apt_install; then
        say "missing: ${lacking% }, and apt-get could not install ${packages[*]}."
        exit 3
    fi
}

# One at a time, as several test projects may find the packages missing at once.
apt_install() (
    exec 9>/var/lock/clustertrail-s3-server.lock
    flock 9
    [[ -n $(missing) ]] || exit 0
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && apt-get install -y --no-install-recommends "${packages[@]}"; } >&2
)

uuid() { cat /proc/sys/kernel/random/uuid; }

# A recycled process id is not ours: the command line must name our folder.
running() {
    local file=$dir/run/$1.pid
    [[ -s $file ]] && grep -qsF "$dir/ceph.conf" "/proc/$(<"$file")/cmdline"
}

configure() {
    cat > "$dir/ceph.conf" <<CONF
[global]
fsid = $(uuid)
mon host = v2:127.0.0.1:$monitor_port
keyring = $dir/keyring
public addr = 127.0.0.1
ms bind msgr1 = false
auth allow insecure global id reclaim = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd crush initial weight = 1
osd objectstore = memstore
memstore device bytes = 4G
mon warn on pool no redundancy = false
mon data avail warn = 5
mon data avail crit = 1
mon max pg per osd = 1000
# Each pool waits for the monitors to agree; the default second each makes a start take 12 s.
paxos propose interval = 0.05
paxos min wait = 0.01
mon data = $dir/mon
osd data = $dir/osd
run dir = $dir/run
pid file = $dir/run/\$name.pid
log file = $dir/log/\$name.log
admin socket = $dir/run/\$name.asok
[client.rgw]
# With its cache it would wait half a minute, after a kill, for the dead one to hear of changes.
rgw cache enabled = false
rgw data = $dir/rgw
rgw frontends = beast endpoint=127.0.0.1:$port
rgw crypt require ssl = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = testkey-1=YmluCmJvb3N0CmJvb3N0LWJ1aWxkCmNlcGguY29uZgo=
rgw relaxed s3 bucket names = true
CONF
}

create_keys() {
    ceph-authtool --create-keyring "$dir/keyring" --gen-key -n mon. --cap mon 'allow *'
    ceph-authtool "$dir/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *'
    ceph-authtool "$dir/keyring" --gen-key -n client.rgw --cap mon 'allow *' --cap osd 'allow *'
    ceph-authtool "$dir/keyring" --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
}

start_monitor() {
    monmaptool --create --clobber --addv a "v2:127.0.0.1:$monitor_port" --fsid "$(sed -n 's/^fsid = //p' "$dir/ceph.conf")" "$dir/monmap"
    ceph-mon --mkfs -i a --monmap "$dir/monmap" -c "$dir/ceph.conf" --keyring "$dir/keyring"
    ceph-mon -i a -c "$dir/ceph.conf"
}

start_osd() {
    local id
    id=$(uuid)
    ceph -c "$dir/ceph.conf" osd new "$id"
    ceph -c "$dir/ceph.conf" auth import -i "$dir/keyring"
    ceph-osd -i 0 --mkfs --osd-uuid "$id" -c "$dir/ceph.conf"
    ceph-osd -i 0 -c "$dir/ceph.conf"
}

create_users() {
    local user
    for user in trail writer; do
        radosgw-admin -c "$dir/ceph.conf" user create --uid=$user --display-name=$user --access-key=${user}key --secret-key=${user}secret
    done
}

# The store is in memory: when the monitor or the disk is gone, all of it begins anew.
start_store() {
    if running mon.a && running osd.0; then return 0; fi
    stop
    mkdir -p "$dir"/{mon,osd,rgw,run,log}
    configure
    create_keys
    start_monitor
    start_osd
    create_users
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET / HTTP/1.0\r\n\r\n' >&3 && grep -q '^HTTP/1' <&3) 2>/dev/null; }

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

start_gateway() {
    local tries
    if ! running client.rgw; then
        if taken; then echo "port $port: address already in use"; return 1; fi
        radosgw -n client.rgw -c "$dir/ceph.conf"
    fi
    for ((tries = 0; tries < 150; tries++)); do
        if running client.rgw && answers; then return 0; fi
        sleep 0.1
    done
    echo "the gateway does not answer on port $port"
    return 1
}

watch_owner() {
    [[ -n ${CLUSTERTRAIL_TEST_OWNER:-} && ! -e $dir/run/owner.pid ]] || return 0
    setsid bash -c 'tail --pid="$1" -f /dev/null; rm -f "$3/run/owner.pid"; "$2" stop "$3"; rm -rf "$3"' \
        watch "$CLUSTERTRAIL_TEST_OWNER" "$self" "$dir" </dev/null >/dev/null 2>&1 9>&- &
    echo $! > "$dir/run/owner.pid"
}

start() {
    local lacking
    lacking=$(missing | tr '\n' ' ')
    if [[ -n $lacking ]]; then say "missing: ${lacking% }. Run '$0 install' first."; exit 3; fi
    mkdir -p "$dir/log"
    # In a job of its own, as an "if" around it would let it go on after an error.
    { start_store; start_gateway; } >>"$dir/log/start.log" 2>&1 </dev/null &
    if ! wait $!; then
        say "it did not start; see $dir/log/start.log."
        exit 1
    fi
    watch_owner
}

stop_process() {
    running "$1" || return 0
    local id tries
    id=$(<"$dir/run/$1.pid")
    kill -KILL "$id"
    for ((tries = 0; tries < 100; tries++)); do
        running "$1" || break
        sleep 0.05
    done
}

stop_watch() {
    [[ -s $dir/run/owner.pid ]] || return 0
    local id
    id=$(<"$dir/run/owner.pid")
    if grep -qsF "$dir" "/proc/$id/cmdline"; then kill -- "-$id" 2>/dev/null || true; fi
}

stop() {
    stop_watch
    local daemon
    for daemon in client.rgw osd.0 mon.a; do stop_process $daemon; done
    rm -rf "$dir"/{mon,osd,rgw,run,ceph.conf,keyring,monmap}
}

# A quota of one byte, as no write is smaller: then it does not matter that the gateway counts what is stored late.
fill_up() {
    radosgw-admin -c "$dir/ceph.conf" quota set --quota-scope=user --uid=trail --max-size=1B
    radosgw-admin -c "$dir/ceph.conf" quota enable --quota-scope=user --uid=trail
}

make_room() { radosgw-admin -c "$dir/ceph.conf" quota disable --quota-scope=user --uid=trail; }

self=$(readlink -f "$0")
case ${1:-} in
    install) [[ $# == 1 ]] || usage; install ;;
    start)
        [[ $# == 3 || $# == 4 ]] || usage
        mkdir -p "$2"
        dir=$(readlink -f "$2") port=$3 monitor_port=${4:-3300}
        start
        ;;
    stop)
        [[ $# == 2 ]] || usage
        [[ -d $2 ]] || exit 0
        dir=$(readlink -f "$2")
        stop
        ;;
    fill-up | make-room)
        [[ $# == 2 ]] || usage
        dir=$(readlink -f "$2")
        "${1/-/_}"
        ;;
    *) usage ;;
esac
