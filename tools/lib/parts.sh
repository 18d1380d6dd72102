# shellcheck shell=bash
# Real parts for tests in the user's cache folder, for the scripts of tools/ to source. Nothing here needs root or touches the system.
#
#   folder=$(install_part PART STAMP MAKE)    the folder of a part; if it is not there, the function MAKE fills an empty one, its $1
#   debian_packages SUITE [--with REGEX] INTO PACKAGE...
#                                             unpacks Debian packages; of what they depend on, only what REGEX matches; SUITE "" is
#                                             the machine's own
#   missing_part WHAT...                      says that WHAT is missing and why, and exits with 3
#
# For scripts with "set -euo pipefail"; install_part stands on a line of its own, not in a condition.
# A folder is there in whole or not at all: it is made beside its place and renamed in one step. A new STAMP is a new folder.
# Exit codes: 0 done, 1 failed, 3 a part is missing and cannot be installed here.

say() { echo "$(basename "$0" .sh): $*" >&2; }

missing_part() {
    say "$*"
    exit 3
}

install_part() {
    local home=${XDG_CACHE_HOME:-$HOME/.cache}/clustertrail/$1 stamp=$2 make=$3
    if [[ ! -d $home/$stamp ]]; then
        must_stop_at_errors
        mkdir -p "$home"
        make_alone
    fi
    echo "$home/$stamp"
}

# Within an "if", "||" or "&&" bash goes on after an error, however deep: a half made part would be taken for a whole one.
must_stop_at_errors() {
    set -e # as $(...) switches it off
    # shellcheck disable=SC2155
    local goes_on=$(set -e; false; echo yes)
    if [[ -n $goes_on ]]; then
        say "install_part cannot be part of a condition; call it on a line of its own."
        exit 1
    fi
}

# One at a time, as several test projects may find the part missing at once.
make_alone() (
    exec 9>"$home/lock"
    flock 9
    if [[ -d $home/$stamp ]]; then exit 0; fi
    # Whoever holds the lock is alone: these are left from installations that were killed.
    rm -rf "$home"/new.*
    new=$(mktemp -d "$home/new.XXXXXX")
    # In a job of its own, so that the "if" is around the waiting only.
    (set -euo pipefail; "$make" "$new") </dev/null >&2 &
    if wait $!; then
        chmod 755 "$new"
        mv -T "$new" "$home/$stamp"
    else
        code=$?
        rm -rf "$new"
        exit "$code"
    fi
)

machine_suite() (
    if [[ -r /etc/os-release ]]; then . /etc/os-release; fi
    echo "${VERSION_CODENAME:-unknown}"
)

# The mirror of Debian that the machine's own apt uses.
debian_mirror() {
    { cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list /etc/apt/sources.list 2>/dev/null || true; } |
        awk '/^URIs:/ {uri = $2} /^deb / {sub(/\[[^]]*\] */, ""); uri = $2} !found && uri ~ /\/debian\/?$/ {print uri; found = 1} END {exit !found}'
}

debian_packages() {
    local suite=${1:-$(machine_suite)} with= into mirror apt keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    shift
    if [[ $1 == --with ]]; then
        with=$2
        shift 2
    fi
    into=$1
    shift
    if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
        missing_part "missing: the Debian packages $* of $suite; there is no apt-get on this machine to fetch them with."
    fi
    mirror=$(debian_mirror) || missing_part "missing: the Debian packages $* of $suite; the apt sources of this machine name no Debian mirror."
    apt=$(mktemp -d "$into/apt.XXXXXX")
    mkdir -p "$apt"/{lists/partial,cache/archives/partial,debs}
    if [[ ! -r $keyring ]]; then keyring=; fi
    echo "deb ${keyring:+[signed-by=$keyring] }$mirror $suite main" >"$apt/sources.list"
    if ! fetch_packages "$apt" "$with" "$@"; then
        local why
        why=$(grep '^[EW]:' "$apt/log" | tail -n 3 | tr '\n' ' ')
        rm -rf "$apt"
        missing_part "missing: the Debian packages $* of $suite; apt-get could not fetch them: ${why:-it gave no reason.}"
    fi
    local deb
    for deb in "$apt"/debs/*.deb; do dpkg -x "$deb" "$into"; done
    rm -rf "$apt"
}

fetch_packages() {
    local apt=$1 with=$2 options packages
    shift 2
    options=(-o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$apt/lists"
        -o Dir::Cache="$apt/cache" -o Dir::State::status=/dev/null -o APT::Install-Recommends=false -o APT::Sandbox::User=root
        -o Acquire::Retries=2 -o APT::Update::Error-Mode=any -q)
    {
        apt-get "${options[@]}" update || return
        packages=("$@")
        if [[ -n $with ]]; then
            mapfile -t packages < <(apt-get "${options[@]}" -s install "$@" | awk -v with="$with" '$1 == "Inst" && $2 ~ with {print $2}')
            # Empty when one of them cannot be had: asking for them says why.
            if [[ ${#packages[@]} == 0 ]]; then packages=("$@"); fi
        fi
        cd "$apt/debs" && apt-get "${options[@]}" download "${packages[@]}"
    } >"$apt/log" 2>&1
}
