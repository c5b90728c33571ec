# `make run` shows a wall, `make test` proves that it works.

export PATH := $(HOME)/.cargo/bin:$(PATH)
LAYOUT ?=
SECONDS ?= 20
PREFIX ?= $(HOME)/.local
# Not target/fishbowl: cargo-deb 3.8 keeps its intermediate files in a folder of that name.
FISHBOWL = target/bin/fishbowl
# The tests use the same profile as the wall, so that both commands compile the dependencies only once,
# in half the time and disk space. Fishbowl itself is compiled with more checks and less optimisation.
TESTED = --config profile.release.package.fishbowl.opt-level=1 \
  --config profile.release.package.fishbowl.debug-assertions=true \
  --config profile.release.package.fishbowl.overflow-checks=true

.PHONY: run test kill soak fuzz bench accuracy gallery check lint setup build install uninstall deb portable

## Show the wall: fullscreen if there is a display, otherwise headless; prints the mirror's address.
## LAYOUT=wall.toml shows a wall of your own.
run: build
	$(FISHBOWL) run $(LAYOUT)

## Run all tests, after installing what they need.
test:
	@scripts/setup test
	env $$(scripts/setup without) cargo test --locked --release $(TESTED)

## Send a million mentions and kill the wall twenty times meanwhile: none is lost or counted twice.
kill:
	FISHBOWL_KILL=full cargo test --locked --release --test kill -- --nocapture

## Let ninety simulated days pass over a wall, and a million random strings: nothing is left behind.
soak:
	FISHBOWL_SOAK=full FISHBOWL_GLYPHS=full cargo test --locked --release --test soak --test glyphs -- --nocapture

## Run every fuzz target for SECONDS; needs a nightly Rust and cargo-fuzz.
fuzz:
	@cargo fuzz --version >/dev/null 2>&1 || { echo 'fuzz: cargo-fuzz is missing; it comes with'; \
	  echo '  rustup toolchain install nightly && cargo install cargo-fuzz'; exit 1; }
	@for target in $(basename $(notdir $(wildcard fuzz/fuzz_targets/*.rs))); do \
	  echo "$$target, $(SECONDS) s" && \
	  cargo +nightly fuzz run "$$target" -- -max_total_time=$(SECONDS) -max_len=8192 || exit 1; \
	done

## Measure what a frame of the reference wall costs on this machine (for SECONDS), then what it costs
## to decode mentions, record them and count them. That takes another two minutes and half a gigabyte
## of temporary files. A whole simulated day takes a few minutes: cargo bench --bench pulse -- --day
bench: build
	$(FISHBOWL) bench $(or $(LAYOUT),layouts/reference.toml) --seconds $(SECONDS)
	cargo bench --locked --bench decode
	cargo bench --locked --bench journal
	cargo bench --locked --bench topics
	cargo bench --locked --bench pulse

## Measure how accurate the numbers are: downloads labelled texts (about 110 MB), writes docs/accuracy.md.
accuracy:
	@scripts/accuracy-data
	cargo bench --locked --bench accuracy

## Draw every kind of tile at five sizes in five states, dark and light: sheets in target/gallery,
## small copies in docs/gallery. Look at each of them after every change to the picture.
gallery:
	cargo run --locked --release --example gallery -- target/gallery docs/gallery

## Check formatting, lints, the code documentation and every shipped layout.
check: lint
	cargo run --locked -- check layouts/*.toml

lint:
	cargo fmt --check
	@# Modules that a macro declares are not found by cargo.
	@rustfmt --check --edition 2024 $$(find src/feed/kinds src/scene/widgets -name '*.rs')
	cargo clippy --locked --all-targets -- --deny warnings
	RUSTDOCFLAGS='--deny warnings' cargo doc --locked --no-deps
	@if cargo deny --version >/dev/null 2>&1; then cargo deny check licenses bans sources; \
	  else echo 'lint: cargo-deny is missing, so licences and sources were not checked; cargo install cargo-deny'; fi

setup:
	@scripts/setup test

build:
	@scripts/setup run
	@[ -e target/release/fishbowl ] || echo 'build: the first one compiles about 500 packages, which takes' \
	  '10 to 15 minutes on two cores; cargo shows how far it is' >&2
	cargo build --locked --release
	@mkdir -p $(dir $(FISHBOWL)) && ln -f target/release/fishbowl $(FISHBOWL)

## Put fishbowl on the PATH, with man pages and completions: for this user or, with PREFIX=/usr/local,
## for all users (`sudo make install PREFIX=/usr/local` after `make build`).
install:
	@[ -n "$$SUDO_USER" ] && [ -x $(FISHBOWL) ] || $(MAKE) --no-print-directory build
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" scripts/install $(FISHBOWL)

uninstall:
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" scripts/install --remove

## Build a Debian package: a wall as a service, for machines without a desktop. Needs cargo-deb.
## A package runs on the Debian that built it and on later ones.
deb:
	@cargo deb --version >/dev/null 2>&1 || { echo 'deb: cargo-deb is missing; cargo install cargo-deb'; exit 1; }
	@$(MAKE) --no-print-directory build
	@rm -rf target/package target/fishbowl
	@PREFIX=/usr DESTDIR=target/package scripts/install $(FISHBOWL)
	cargo deb --locked --no-build --no-strip

## Make a folder for a USB stick, and an archive of it, in target/portable: a wall for a borrowed laptop.
portable: build
	@scripts/portable $(FISHBOWL)
