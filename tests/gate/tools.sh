#!/usr/bin/env bash
# Sees to the tools that a job needs: says what is missing, and installs what it can.
# Usage: tools.sh cargo|node|nextest|deny|browsers ...
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

need_crate() { # subcommand of cargo, version, further arguments
  local subcommand=$1 version=$2
  shift 2
  cargo "$subcommand" --version >/dev/null 2>&1 && return
  say "installing cargo-$subcommand $version with cargo, which takes a few minutes"
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

for tool in "$@"; do
  case $tool in
    cargo) need_rust ;;
    node) need_node ;;
    nextest) need_crate nextest "$NEXTEST_VERSION" ;;
    deny) need_crate deny "$DENY_VERSION" --no-default-features ;;
    browsers) need_browsers ;;
    *) say "unknown tool: $tool"; exit 64 ;;
  esac
done
