#!/usr/bin/env bash
# Sees to the tools that a job needs: says what is missing, and installs what it can.
# Usage: tools.sh cargo|c++|node|nextest|deny|strace|browsers|python-peers|node-peers|crate-peers|moq-relay|janus ...
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly NEXTEST_VERSION=0.9.143 DENY_VERSION=0.20.2

say() { printf 'mosaik: %s\n' "$*" >&2; }

has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif has sudo; then sudo "$@"
  else say "please run as root: $*"; exit 1
  fi
}

need_packages() {
  has apt-get || { say "please install: $* (this is no Debian, so it is not done for you)"; exit 1; }
  say "installing with apt-get: $*"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

need_rust() {
  has cargo || { say "Rust is missing: install it from https://rustup.rs"; exit 1; }
  local wanted found
  wanted=$(sed -nE 's/^rust-version = "(.*)"/\1/p' Cargo.toml)
  found=$(rustc --version | cut -d ' ' -f 2) || { say "Rust does not start: see the lines above"; exit 1; }
  printf '%s\n%s\n' "$wanted" "$found" | sort --check --version-sort 2>/dev/null ||
    { say "Rust $found is too old, $wanted or newer is needed: get it from https://rustup.rs"; exit 1; }
  has cc || need_packages gcc libc6-dev
}

need_node() {
  has node && has npm || { say "Node.js 20 or newer is missing: install it from https://nodejs.org"; exit 1; }
  local found
  found=$(node --version)
  printf '%s\n%s\n' v20 "$found" | sort --check --version-sort 2>/dev/null ||
    { say "Node.js $found is too old, 20 or newer is needed: get it from https://nodejs.org"; exit 1; }
}

# A subcommand of cargo in the version that is wanted: built by others and known by its hash where Python can fetch
# it, else built here, which takes minutes.
need_subcommand() { # subcommand, version, further arguments for building it
  local subcommand=$1 version=$2 home=${CARGO_HOME:-$HOME/.cargo} place=target/gate/tools
  shift 2
  cargo "$subcommand" --version >/dev/null 2>&1 && return
  say "installing cargo-$subcommand $version"
  if python3 -m venv --clear "$place" >/dev/null 2>&1 &&
    grep "cargo-$subcommand==$version " tests/gate/subcommands.txt >"$place/wanted.txt" &&
    "$place/bin/pip" install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: --requirement "$place/wanted.txt" 2>/dev/null &&
    "$place/bin/cargo-$subcommand" "$subcommand" --version >/dev/null 2>&1; then
    install -D "$place/bin/cargo-$subcommand" "$home/bin/cargo-$subcommand"
    return
  fi
  say "it has to be built, which takes a few minutes"
  cargo install --quiet --locked "cargo-$subcommand" --version "$version" "$@"
}

need_browsers() {
  local missing=()
  has chromium || missing+=(chromium)
  has firefox-esr || missing+=(firefox-esr)
  has pulseaudio || missing+=(pulseaudio)
  [[ $(fc-list 2>/dev/null) == *DejaVu* ]] || missing+=(fontconfig fonts-dejavu-core)
  [ ${#missing[@]} = 0 ] || need_packages "${missing[@]}"
}

# Prints a Python that is new enough for the peers and can make environments of its own.
find_python() {
  local candidate
  for candidate in python3.14 python3.13 python3.12 python3 "${HOME:-}"/.pyenv/versions/3.1[2-9]*/bin/python3; do
    "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1 || continue
    printf '%s\n' "$candidate"
    return
  done
  return 1
}

need_python_peers() {
  local python place=target/interop/venv wanted=tests/interop/requirements.txt
  cmp --silent "$wanted" "$place/installed.txt" && return
  python=$(find_python) || { say "the peers for interoperability need Python 3.12 or newer, with its module venv"; exit 1; }
  say "installing the Python peers of tests/interop into $place"
  "$python" -m venv --clear "$place"
  "$place/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$wanted" ||
    { say "the Python peers cannot be installed: see the lines above"; exit 1; }
  cp "$wanted" "$place/installed.txt"
}

need_node_peers() {
  local place=target/interop/node wanted=tests/interop/moq_js
  cmp --silent "$wanted/package-lock.json" "$place/installed.json" && return
  say "installing the npm peer of tests/interop into $place"
  mkdir -p "$place"
  cp "$wanted/package.json" "$wanted/package-lock.json" "$place"
  (cd "$place" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null) ||
    { say "the npm peer cannot be installed: see the lines above"; exit 1; }
  cp "$wanted/package-lock.json" "$place/installed.json"
}

need_crate_peers() {
  local peer
  for peer in moq-clock-ietf@0.6.25 moq-pub@0.10.0 moq-sub@0.5.0; do
    grep -qs "^\"${peer%@*} ${peer#*@} " target/interop/crates/.crates.toml && continue
    say "building $peer into target/interop/crates, which takes a few minutes"
    cargo install --quiet --locked --debug --root target/interop/crates --target-dir target/interop/build "$peer"
  done
}

# Not --locked: its own lock file names a version that was withdrawn.
need_moq_relay() {
  local version=0.17.10
  grep -qs "^\"moq-relay $version " target/peers/.crates.toml && return
  say "building moq-relay $version into target/peers, which takes some minutes"
  cargo install --quiet --no-default-features --features noq,jemalloc --root target/peers --target-dir target/peers/build moq-relay@"$version"
}

# A distribution that has none is no reason to stop: the caller goes on without it.
need_janus() {
  has janus || need_packages janus
}

for tool in "$@"; do
  case $tool in
    cargo) need_rust ;;
    c++) has c++ || need_packages g++ ;;
    node) need_node ;;
    nextest) need_subcommand nextest "$NEXTEST_VERSION" ;;
    deny) need_subcommand deny "$DENY_VERSION" --no-default-features ;;
    strace) has strace || need_packages strace ;;
    browsers) need_browsers ;;
    python-peers) need_python_peers ;;
    node-peers) need_node_peers ;;
    crate-peers) need_crate_peers ;;
    moq-relay) need_moq_relay ;;
    janus) need_janus ;;
    *) say "unknown tool: $tool"; exit 64 ;;
  esac
done
