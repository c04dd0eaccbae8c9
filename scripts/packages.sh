# Debian packages by what they are for; sourced by the other scripts.
# Boost is 1.81: nothing here may pull in libboost-dev (1.74).
packages_build="g++ cmake ninja-build ccache git pkg-config libboost1.81-dev libeigen3-dev libopencv-dev
  libzmq3-dev cppzmq-dev libprotobuf-dev protobuf-compiler nlohmann-json3-dev libtomlplusplus-dev libcli11-dev
  libspdlog-dev libfmt-dev libpugixml-dev libsodium-dev zlib1g-dev ca-certificates"
packages_test="libgtest-dev libgmock-dev libbenchmark-dev clang-format-19 python3 chromium procps curl"
packages_tidy="clang-19 clang-tidy-19 libclang-rt-19-dev"
packages_sumo="sumo sumo-tools"

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }
fail() { printf 'chorraha: %s\n' "$2" >&2; exit "$1"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; return; fi
  command -v sudo >/dev/null || fail 4 "packages are missing and there is neither root nor sudo; as root run: apt-get install $*"
  sudo "$@"
}

# Installs what is missing of the packages named; touches none that is there.
need_packages() {
  local missing=""
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
  done
  [ -z "$missing" ] && return 0
  say "installing Debian packages:$missing"
  as_root apt-get update -qq || fail 4 "apt-get update failed; the packages$missing are needed"
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
    >/dev/null || fail 4 "apt-get could not install:$missing"
}

# Node for the page's build: the one on the path if new enough, else Debian's npm and its node@22 package.
need_node() {
  if command -v node >/dev/null && command -v npm >/dev/null &&
     node -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>20||(a==20&&b>=19)?0:1)'; then
    return 0
  fi
  local home="$1/node22"
  if [ ! -x "$home/node_modules/node/bin/node" ]; then
    command -v npm >/dev/null || need_packages nodejs npm
    say "installing Node 22 beside the build"
    npm install --silent --no-audit --no-fund --prefix "$home" node@22 >/dev/null || fail 4 "npm could not install node@22"
  fi
  export PATH="$home/node_modules/node/bin:$PATH"
}

build_environment() {
  export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
  export CMAKE_BUILD_PARALLEL_LEVEL="${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}"
}
