#!/usr/bin/env bash
# Everything that must hold. Stops at the first step that fails; the last line is the sum of all
# tests of all runners.
set -euo pipefail
cd "$(dirname "$0")/../.."

# What the Rust tests are built with: one build for all that follows. What is fast is for benchmarks to say.
export MOSAIK_BIN=$PWD/target/debug/mosaik

passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# The sum is kept beside the build too: after a failure make has the last word on the screen.
finish() {
  mkdir -p target/gate
  printf '\n'
  printf '%d passed, %d failed\n' "$passed" "$failed" | tee target/gate/sum
}

# Runs one step; a step that fails ends the run with the sum so far.
step() {
  local name=$1
  shift
  printf '\n== %s\n' "$name"
  local began=$SECONDS
  if ! "$@" 2>&1 | tee "$log"; then
    count
    [ "$failed" -gt 0 ] || failed=1
    printf '== %s failed\n' "$name"
    finish
    exit 1
  fi
  count
  printf '== %s: %d s\n' "$name" "$((SECONDS - began))"
}

# Adds what the runner in the log says: nextest's summary, or node's closing lines.
count() {
  local tests
  tests=$(sed 's/\x1b\[[0-9;]*m//g' "$log")
  sum() { awk '{ total += $1 } END { print total + 0 }'; }
  passed=$((passed + $(sed -nE 's/.*Summary .* ([0-9]+) passed.*/\1/p; s/^(#|ℹ) pass ([0-9]+)$/\2/p' <<<"$tests" | sum)))
  failed=$((failed + $(sed -nE 's/.*Summary .* ([0-9]+) failed.*/\1/p; s/^(#|ℹ) fail ([0-9]+)$/\2/p' <<<"$tests" | sum)))
}

in_web() { (cd web && npm run --silent "$1"); }

# With the peers that are installed in seconds; `make interop` has those that must be built too.
interoperability() {
  if tests/gate/tools.sh python-peers node-peers; then
    node tests/interop/run.mjs --quick
  else
    echo "SKIPPED: the peers cannot be installed on this machine, for the reason above"
  fi
}

step "tools" tests/gate/tools.sh cargo node nextest deny strace browsers
step "rustfmt" cargo fmt --all --check
step "rustfmt of fuzzing" cargo fmt --manifest-path fuzz/Cargo.toml --check
step "npm packages" make --silent web/node_modules/.stamp
step "page: types" in_web types
step "page: lint" in_web lint
step "page: unit tests" in_web test
step "page: build and budgets" in_web build
step "clippy" cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
step "docs" env RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --locked --quiet
step "licences and sources" cargo deny --log-level error check bans licenses sources
step "Rust tests" cargo nextest run --workspace --locked --no-fail-fast --status-level slow --final-status-level fail
step "interoperability" interoperability
step "browser tests" node tests/browser/run.mjs
finish
