#!/usr/bin/env bash
# Fuzzes every target, or those named: run.sh [TARGET ...]
# FUZZ_RUNS: executions of each decoder; a whole session has a tenth as many. FUZZ_KEEP=1 adds the
# short ones of what was reached on the way to the committed corpus.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly RUNS=${FUZZ_RUNS:-400000} TARGET_DIR=$PWD/target/fuzz
readonly DECODERS=(varint control message setup subgroup datagram fetch properties catalog command claims notes)

# What libFuzzer needs of the compiler, as cargo-fuzz sets it. No sanitizer: there is no unsafe code
# of ours, and they are not in the stable compiler.
flags=(
  -Cpasses=sancov-module
  -Cllvm-args=-sanitizer-coverage-level=4
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
  -Cllvm-args=-sanitizer-coverage-pc-table
  -Cllvm-args=-sanitizer-coverage-trace-compares
  -Cllvm-args=-sanitizer-coverage-stack-depth
  -Cllvm-args=-simplifycfg-branch-fold-threshold=0
  -Cdebug-assertions
)

# Most bytes of an input.
max_len() {
  case $1 in
    varint) echo 16 ;;
    catalog | command | claims) echo 2048 ;;
    *) echo 512 ;;
  esac
}

# One input a line, in hexadecimal digits, into a file each.
unpack() {
  local number=0 line
  while IFS= read -r line; do
    [[ $line == '#'* ]] && continue
    printf '%b' "$(sed 's/../\\x&/g' <<<"$line")" >"$2/seed-$((number += 1))"
  done <"$1"
}

# The other way round, the shortest first, behind the head that the corpus has.
pack() {
  local file
  {
    grep '^#' "$2" || true
    for file in "$1"/*; do od -An -v -tx1 "$file" | tr -d ' \n'; echo; done |
      awk '{ print length, $0 }' | sort -n -k1,1 -k2,2 | cut -d ' ' -f 2 | uniq
  } >"$2.tmp"
  mv "$2.tmp" "$2"
}

fuzz() {
  local target=$1 runs=$2 binary=$TARGET_DIR/$host/release/$1 corpus=fuzz/corpus/$1.hex
  local place=$TARGET_DIR/corpus/$1 log=$TARGET_DIR/$1.log
  mkdir -p "$place" "$TARGET_DIR/found"
  unpack "$corpus" "$place"
  local began=$SECONDS
  local words=()
  case $target in catalog | command | claims) words=(-dict=fuzz/json.dict) ;; esac
  if ! "$binary" "$place" "${words[@]}" -runs="$runs" -max_len="$(max_len "$target")" -seed=1 -timeout=20 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$TARGET_DIR/found/$target-" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    printf 'mosaik: %s does not hold; once it is repaired, add the input to %s\n' "$target" "$corpus" >&2
    exit 1
  fi
  printf '%-12s %10d executions, %5d edges, %4d s\n' "$target" \
    "$(sed -nE 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(sed -nE 's/.* cov: ([0-9]+) .*/\1/p' "$log" | tail -n 1)" "$((SECONDS - began))"
  [ -z "${FUZZ_KEEP:-}" ] || keep "$target" "$binary" "$place" "$corpus"
}

# The corpus, and the fewest short inputs that reach what it does not: it is to stay small.
keep() {
  local target=$1 binary=$2 place=$3 corpus=$4 least=$TARGET_DIR/least/$1
  rm -rf "$least"
  mkdir -p "$least"
  unpack "$corpus" "$least"
  "$binary" -set_cover_merge=1 -use_counters=0 -max_len="$(max_len "$target")" "$least" "$place" >"$TARGET_DIR/$target.merge.log" 2>&1
  find "$least" -type f -not -name 'seed-*' -size +40c -delete
  pack "$least" "$corpus"
}

host=$(rustc -vV | sed -n 's/^host: //p')
RUSTFLAGS="${flags[*]}" cargo build --quiet --locked --release --bins --manifest-path fuzz/Cargo.toml \
  --target "$host" --target-dir "$TARGET_DIR"
[ $# -gt 0 ] || set -- "${DECODERS[@]}" session websocket
for target in "$@"; do
  case $target in
    session | websocket) fuzz "$target" "$((RUNS / 10))" ;;
    *) fuzz "$target" "$RUNS" ;;
  esac
done
