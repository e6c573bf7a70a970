#!/usr/bin/env bash
# Sees to the tools that a job needs: says what is missing, and installs what it can.
# Usage: tools.sh cargo|node|nextest|deny|browsers ...
set -euo pipefail

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
  DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

need_crate() { # command, crate, version, further arguments
  local command=$1 crate=$2 version=$3
  shift 3
  has "$command" && return
  say "installing $crate $version with cargo, which takes a few minutes"
  cargo install --quiet --locked "$crate" --version "$version" "$@"
}

for tool in "$@"; do
  case $tool in
    cargo)
      has cargo || { say "Rust is missing: install it from https://rustup.rs"; exit 1; }
      has cc || need_packages gcc libc6-dev ;;
    node)
      has node && has npm || { say "Node.js 20 or newer is missing: install it from https://nodejs.org"; exit 1; }
      major=$(node --version | sed -E 's/v([0-9]+).*/\1/')
      [ "$major" -ge 20 ] || { say "Node.js $major is too old: 20 or newer is needed"; exit 1; } ;;
    nextest) need_crate cargo-nextest cargo-nextest "$NEXTEST_VERSION" ;;
    deny) need_crate cargo-deny cargo-deny "$DENY_VERSION" --no-default-features ;;
    browsers)
      missing=()
      has chromium || missing+=(chromium)
      has firefox-esr || missing+=(firefox-esr)
      has pulseaudio || missing+=(pulseaudio)
      fc-list 2>/dev/null | grep -qi dejavu || missing+=(fontconfig fonts-dejavu-core)
      [ ${#missing[@]} = 0 ] || need_packages "${missing[@]}" ;;
    *) say "unknown tool: $tool"; exit 64 ;;
  esac
done
