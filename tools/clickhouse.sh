#!/usr/bin/env bash
# ClickHouse for tests, from Debian's packages, in the user's cache folder.
#
#   clickhouse.sh install    makes sure that it is there; prints the folder of clickhouse-server
#
# Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a part is missing and cannot be installed here.
set -euo pipefail
. "$(dirname "$0")/lib/parts.sh"

make() {
    # The machine has the libraries of a C++ program, such as .NET's own; ClickHouse needs more of them.
    debian_packages "" --with '^clickhouse-(common|server)|^lib(boost|capnp|cctz|cpuinfo|double-conversion|farmhash|icu|jemalloc|lz4|mariadb|metrohash|poco|rdkafka|re2|zstd|ltdl|odbc|curl)' \
        "$1" clickhouse-common clickhouse-server
    mkdir "$1/libraries"
    find "$1/usr/lib" "$1/lib" -name '*.so*' -exec mv -t "$1/libraries" {} +
    mv "$1/usr/sbin/clickhouse-server" "$1/clickhouse-server.program"
    rm -rf "$1"/{usr,etc,lib,var}
    cat >"$1/clickhouse-server" <<'START'
#!/usr/bin/env bash
here=$(dirname "$(realpath "$0")")
LD_LIBRARY_PATH=$here/libraries exec "$here/clickhouse-server.program" "$@"
START
    chmod 755 "$1/clickhouse-server"
    if LD_LIBRARY_PATH=$1/libraries ldd "$1/clickhouse-server.program" | grep 'not found'; then
        missing_part "missing: libraries of clickhouse-server, see above."
    fi
}

if [[ $* != install ]]; then sed -n '4s/^# *//p' "$0" >&2; exit 2; fi
install_part clickhouse "$(machine_suite)-$(cksum <"$0" | cut -d ' ' -f 1)" make
