# `make run` shows a wall, `make test` proves that it works.

export PATH := $(HOME)/.cargo/bin:$(PATH)
LAYOUT ?=
SECONDS ?= 20
FISHBOWL = target/release/fishbowl

.PHONY: run test kill bench check lint setup build

## The wall: fullscreen where there is a display, else headless; prints the mirror's address.
run: build
	$(FISHBOWL) run $(LAYOUT)

## Everything that is tested, after what the tests need has been installed.
test:
	@scripts/setup test
	cargo test --locked

## A million mentions, the wall killed twenty times while it hears them: none lost, none double.
kill:
	FISHBOWL_KILL=full cargo test --locked --release --test kill -- --nocapture

## What a frame of the reference wall costs on this machine.
bench: build
	$(FISHBOWL) bench $(or $(LAYOUT),layouts/reference.toml) --seconds $(SECONDS)

## Formatting, lints, and every shipped layout.
check: lint
	cargo run --locked -- check layouts/*.toml

lint:
	cargo fmt --check
	cargo clippy --locked --all-targets -- --deny warnings

setup:
	@scripts/setup test

build:
	@scripts/setup run
	cargo build --locked --release
