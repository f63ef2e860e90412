#!/usr/bin/env bash
# Makes this clone able to run: Debian packages, and .venv with the project and its tools.
# script/demo and script/test call it first; once all is there it is done in a moment.
#   script/setup.sh --slow   also what only the slow tests need
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
log=$root/.lab/setup.log
venv=$root/.venv
stamp=$venv/.setup-stamp
PATH=$PATH:/usr/sbin:/sbin

# A Debian package, and the file or command that shows that it is there.
packages=(
    "mmdebstrap mmdebstrap"
    "debian-archive-keyring /usr/share/keyrings/debian-archive-keyring.gpg"
    "mariadb-server-core mariadbd"
    "mariadb-client-core mariadb"
    "sip-tester sipp"
    "ffmpeg ffmpeg"
    "espeak-ng espeak-ng"
    "iproute2 ip"
    "shellcheck shellcheck"
    "libfaketime /usr/lib/*-linux-gnu/faketime/libfaketime.so.1"
)
[[ ${1:-} != --slow ]] || packages+=(
    "chromium chromium"
    "chromium-driver chromedriver"
    "systemd-container systemd-nspawn"
    "openssh-client ssh"
    "dpkg-dev dpkg-scanpackages"
)

fail() {
    printf '%s\n' "setup: $*" >&2
    exit 1
}

is_there() {
    # Unquoted on purpose: a file may be named with a pattern.
    # shellcheck disable=SC2086
    if [[ $1 == /* ]]; then compgen -G $1 >/dev/null; else command -v "$1" >/dev/null; fi
}

# The first interpreter that is new enough; nothing when there is none.
find_python() {
    local candidate
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

missing_packages() {
    local entry
    for entry in "${packages[@]}"; do
        is_there "${entry#* }" || printf '%s\n' "${entry%% *}"
    done
}

# What Debian's Python lacks for a venv; nothing when the one that is there is too old.
missing_python_packages() {
    if [[ -n $python ]]; then
        # ensurepip is cut out of Debian's Python; its package is named after the version.
        "$python" -c 'import ensurepip, venv' 2>/dev/null ||
            "$python" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])'
    elif ! command -v python3 >/dev/null; then
        printf '%s\n' python3 python3-venv
    fi
}

apt() {
    local sudo=()
    [[ $EUID -eq 0 ]] || sudo=(sudo)
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        -o DPkg::Lock::Timeout=120 "$@" >>"$log" 2>&1
}

install_packages() {
    local wanted="$*"
    command -v apt-get >/dev/null ||
        fail "install these first, this is no Debian with apt-get: $wanted"
    [[ $EUID -eq 0 ]] || command -v sudo >/dev/null ||
        fail "run it as root, or install sudo: these Debian packages are missing: $wanted"
    echo "setup: installing Debian packages: $wanted"
    # Package lists are fetched only when those at hand do not lead to the packages.
    apt install --no-install-recommends "$@" ||
        { apt update && apt install --no-install-recommends "$@"; } ||
        fail "the Debian packages $wanted could not be installed; the reason is at the end of $log"
}

# The state that .venv should be in; fails when its interpreter does not run.
wanted_stamp() {
    local version
    version=$("$venv/bin/python" -c 'import sys; print(sys.version)') &&
        { printf '%s\n' "$root" "$version" && cat "$root/pyproject.toml" "${BASH_SOURCE[0]}"; } |
        sha256sum
}

venv_is_current() {
    [[ -f $stamp && -x $venv/bin/python ]] && [[ $(wanted_stamp 2>/dev/null) == "$(<"$stamp")" ]]
}

make_venv() {
    echo "setup: installing Python packages into .venv"
    # Without a stamp it was never finished, and nobody knows what is in it.
    if [[ ! -f $stamp ]] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        rm -rf "$venv"
        "$python" -m venv "$venv" >>"$log" 2>&1 ||
            fail "$python could not make $venv; the reason is at the end of $log"
    fi
    rm -f "$stamp"
    # --group came with pip 25.1.
    { "$venv/bin/python" -m pip install --upgrade 'pip>=25.1' &&
        (cd "$root" && "$venv/bin/python" -m pip install --editable . --group dev); } \
        >>"$log" 2>&1 ||
        fail "the Python packages could not be installed; the reason is at the end of $log"
    wanted_stamp >"$stamp"
}

main() {
    [[ -z $(missing_packages) ]] && venv_is_current && return

    { mkdir -p "$root/.lab" && date --utc +'== %FT%TZ' >>"$log"; } 2>/dev/null ||
        fail "cannot write in $root/.lab: run it as the owner of the clone"
    # One at a time: two commands may be started together on a new clone.
    local lock python wanted
    exec {lock}>"$root/.lab/setup.lock"
    flock "$lock"
    python=$(find_python)
    wanted=$(missing_packages && missing_python_packages)
    if [[ -n $wanted ]]; then
        # shellcheck disable=SC2086  # one word a package
        install_packages $wanted
        python=$(find_python)
    fi
    [[ -n $python ]] ||
        fail "Python 3.11 or newer is needed, and this machine has $(python3 --version)"
    venv_is_current || make_venv
    exec {lock}>&-
}

main
