# setup.sh - sourced by the scripts here: installs what is missing (Debian 12, root or
# sudo) and builds dlc in release. Sets `root` (the checkout) and `dlc` (the compiler).
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dlc=$root/build/release/compiler/driver/dlc

install_missing() { # PACKAGE...
    local missing=() p
    for p in "$@"; do
        dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    local sudo=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "please install as root: ${missing[*]}" >&2; return 1; }
        sudo=sudo
    fi
    echo "installing: ${missing[*]}"
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "${missing[@]}" >/dev/null 2>&1 && return 0
    $sudo apt-get update -qq >/dev/null # an old package list, or none
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "${missing[@]}" >/dev/null
}

build_release() {
    install_missing gcc libc6-dev cmake ninja-build bison flex zlib1g-dev libspng-dev \
        libturbojpeg0-dev libjansson-dev
    cmake -S "$root" -B "$root/build/release" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DBUILD_TESTING=OFF >/dev/null
    cmake --build "$root/build/release" >"$root/build/release/build.log" 2>&1 ||
        { tail -n 30 "$root/build/release/build.log" >&2; return 1; }
}
