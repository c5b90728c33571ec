# `make run` shows a wall, `make test` proves that it works.

export PATH := $(HOME)/.cargo/bin:$(PATH)
LAYOUT ?=
SECONDS ?= 20
PREFIX ?= $(HOME)/.local
FISHBOWL = target/fishbowl
# The tests are built in the wall's own profile, so that both commands compile the dependencies once
# and take half of the time and of the disk; of the house itself they check more and optimise less.
TESTED = CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true \
  CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=true

.PHONY: run test kill fuzz bench accuracy gallery check lint setup build install uninstall

## The wall: fullscreen where there is a display, else headless; prints the mirror's address.
## With LAYOUT=wall.toml a wall of your own.
run: build
	$(FISHBOWL) run $(LAYOUT)

## Everything that is tested, after what the tests need has been installed.
test:
	@scripts/setup test
	$(TESTED) env $$(scripts/setup without) cargo test --locked --release

## A million mentions, the wall killed twenty times while it hears them: none lost, none double.
kill:
	FISHBOWL_KILL=full cargo test --locked --release --test kill -- --nocapture

## Every fuzz target for SECONDS each; needs a nightly Rust and cargo-fuzz.
fuzz:
	@cargo fuzz --version >/dev/null 2>&1 || { echo 'fuzz: cargo-fuzz is missing; it comes with'; \
	  echo '  rustup toolchain install nightly && cargo install cargo-fuzz'; exit 1; }
	@for target in $(basename $(notdir $(wildcard fuzz/fuzz_targets/*.rs))); do \
	  echo "$$target, $(SECONDS) s" && \
	  cargo +nightly fuzz run "$$target" -- -max_total_time=$(SECONDS) -max_len=8192 || exit 1; \
	done

## What a frame of the reference wall costs on this machine (for SECONDS), then what it costs to
## read mentions, to keep them and to fold them: two minutes more, and half a gigabyte of temporary
## files. A whole simulated day takes some minutes: cargo bench --bench pulse -- --day
bench: build
	$(FISHBOWL) bench $(or $(LAYOUT),layouts/reference.toml) --seconds $(SECONDS)
	cargo bench --locked --bench decode
	cargo bench --locked --bench journal
	cargo bench --locked --bench topics
	cargo bench --locked --bench pulse

## How right the numbers are: fetches labelled texts (about 110 MB) and writes docs/accuracy.md.
accuracy:
	@scripts/accuracy-data
	cargo bench --locked --bench accuracy

## Every kind of tile at five sizes in five states, dark and light: sheets in target/gallery, small
## copies in docs/gallery. To be looked at, one by one, after every change of the picture.
gallery:
	cargo run --locked --release --example gallery -- target/gallery docs/gallery

## Formatting, lints, the documentation of the code, and every shipped layout.
check: lint
	cargo run --locked -- check layouts/*.toml

lint:
	cargo fmt --check
	@# Modules that a macro declares are not found by cargo.
	@rustfmt --check --edition 2024 $$(find src/feed/kinds src/scene/widgets -name '*.rs')
	cargo clippy --locked --all-targets -- --deny warnings
	RUSTDOCFLAGS='--deny warnings' cargo doc --locked --no-deps

setup:
	@scripts/setup test

build:
	@scripts/setup run
	cargo build --locked --release
	@ln -f target/release/fishbowl $(FISHBOWL)

## fishbowl on the path, with man pages and completions: for this user, or with
## PREFIX=/usr/local for the system (`sudo make install PREFIX=/usr/local` after `make build`).
install:
	@[ -n "$$SUDO_USER" ] && [ -x $(FISHBOWL) ] || $(MAKE) --no-print-directory build
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" scripts/install $(FISHBOWL)

uninstall:
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" scripts/install --remove
