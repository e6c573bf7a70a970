# Mosaik's jobs. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

WEB_SOURCES := $(shell find web/src web/static -type f 2>/dev/null) web/build.mjs web/package.json

.PHONY: help run test lint web bench bench-relay bench-quic bench-abuse bench-congestion bench-links bench-link-accuracy soak fuzz sim interop screens axe browsers clean

help: ## List what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: ## Build everything, start the server and print the links (ARGS="--listen ...")
	@tests/gate/tools.sh cargo node
	@$(MAKE) --silent web
	cargo run --release --locked -p mosaik-server --bin mosaik -- serve $(ARGS)

test: ## Everything that must hold; the last line is the sum
	@tests/gate/test.sh

lint: ## Formats, lints, types, docs, licences; no tests
	@tests/gate/tools.sh cargo node deny
	@$(MAKE) --silent web/node_modules/.stamp
	cargo fmt --all --check
	cargo fmt --manifest-path fuzz/Cargo.toml --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo clippy --manifest-path fuzz/Cargo.toml --target-dir target --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --locked --quiet
	cargo deny --log-level error check bans licenses sources
	cd web && npm run --silent types && npm run --silent lint

web: web/dist/index.html ## Build the page into web/dist

bench: web ## Measure the lesson, the page, the app, the fan-out and the classroom; JSON under target/bench
	@tests/gate/tools.sh cargo node browsers
	cargo build --release --locked -p mosaik-server -p mosaik-bench -p mosaik-link
	node tests/browser/lesson.mjs
	node tests/browser/app-bench.mjs
	target/release/fanout
	target/release/classroom

bench-relay: ## Measure the relay beside moq-relay and bare QUIC; JSON in target/bench/relay.json
	@tests/gate/tools.sh cargo moq-relay
	cargo build --release --locked -p mosaik-server -p mosaik-bench
	target/release/relay

bench-abuse: ## Two hundred subscribers beside those who misuse the relay; JSON in target/bench/abuse.json
	@tests/gate/tools.sh cargo
	cargo build --release --locked -p mosaik-server -p mosaik-bench --bin mosaik --bin abuse
	target/release/abuse

soak: sim ## 10,000 made-up lessons, a day of groups in seconds, then full load (SOAK_MINUTES=10); JSON in target/bench/soak.json
	@tests/gate/tools.sh cargo
	cargo build --release --locked -p mosaik-server -p mosaik-bench --bin mosaik --bin soak
	cargo test --release --locked -p mosaik-media --test day -- --nocapture
	target/release/soak

bench-quic: ## What each QUIC setting is worth; JSON in target/bench/quic.json
	@tests/gate/tools.sh cargo
	cargo build --release --locked -p mosaik-server -p mosaik-bench
	target/release/quic

bench-congestion: ## Congestion controllers side by side in simulated time; JSON in target/bench/congestion.json
	@tests/gate/tools.sh cargo
	cargo run --release --locked -p mosaik-bench --bin congestion

bench-links: web ## Lessons over weak lines, with moq-relay and WebRTC beside; JSON in target/bench/links.json, page beside it
	@tests/gate/tools.sh cargo moq-relay
	@tests/gate/tools.sh node browsers janus || echo "mosaik: lessons in browsers are left out, for the reason above"
	cargo build --release --locked -p mosaik-server -p mosaik-bench --bin mosaik --bin links
	target/release/links $(ARGS)

bench-link-accuracy: ## How exact the link emulator is on this machine: rate, delay, cost
	@tests/gate/tools.sh cargo
	cargo run --release --locked -p mosaik-link --bin link-accuracy

fuzz: ## Arbitrary bytes to decoders and sessions (FUZZ_RUNS=10000000 for the full figure)
	@tests/gate/tools.sh cargo c++
	fuzz/run.sh

sim: ## The relay's core and a room against plain models, in 10,000 lessons each that are made up
	@tests/gate/tools.sh cargo
	MOSAIK_SEEDS=10000 cargo test --release --locked -p mosaik-media --test simulation -- --nocapture
	MOSAIK_SEEDS=10000 cargo test --release --locked -p mosaik-classroom --test simulation -- --nocapture

interop: ## Try the relay with other people's MoQT software; JSON in target/interop.json
	@tests/gate/tools.sh cargo node python-peers node-peers crate-peers
	cargo build --locked -p mosaik-server
	MOSAIK_BIN=target/debug/mosaik node tests/interop/run.mjs

axe: web ## axe-core over every view in both browsers, languages and colours: the tests have one of the four in each browser
	@tests/gate/tools.sh cargo node browsers
	cargo build --locked -p mosaik-server
	EVERY_LOOK=1 MOSAIK_BIN=target/debug/mosaik node --test --test-concurrency=1 tests/browser/axe.test.mjs

browsers: web ## All browser tests: lessons that the gate holds once are held by teachers in both browsers and both languages
	@tests/gate/tools.sh cargo node browsers
	cargo build --locked -p mosaik-server
	EVERY_PAIR=1 MOSAIK_BIN=target/debug/mosaik node tests/browser/run.mjs

screens: web ## Take the pictures of docs/ in a real browser
	@tests/gate/tools.sh cargo node browsers
	cargo build --release --locked -p mosaik-server
	node tests/browser/screens.mjs

clean: ## Remove everything that was built
	rm -rf target web/dist web/node_modules

web/node_modules/.stamp: web/package-lock.json
	@tests/gate/tools.sh cargo node
	@echo "mosaik: installing the page's npm packages into web/node_modules"
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/.stamp $(WEB_SOURCES)
	cd web && npm run --silent build
