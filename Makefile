# What a person does with Voxkeep's source. `make help` lists it.

export VOXKEEP_WARNINGS ?= error
export SWIFT ?= swift

BUILD = $(SWIFT) build --explicit-target-dependency-import-check error
# Hundreds of tests at once would each take so long that a network's answer comes too late for some.
TEST = SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=6 $(SWIFT) test --parallel --disable-xctest
FUZZ_SECONDS ?= 60
MUTANTS_SECONDS ?= 3600
ROWS ?= 1000000

.DEFAULT_GOAL := help
.PHONY: help set-up set-up-tests build demo test test-release test-faults test-speech lint format release
.PHONY: bench bench-catalog bench-check bench-compression bench-peers asan tsan fuzz mutants clean

help: ## Lists these targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

set-up: ## Installs what the build needs (Debian packages, through apt).
	@scripts/set-up build

set-up-tests:
	@scripts/set-up test
	@scripts/test-python

build: set-up ## Builds the debug binary, .build/debug/voxkeep.
	@echo "Building Voxkeep and its dependencies: four to seven minutes on 2 cores the first time."
	@$(BUILD) --product voxkeep

demo: build ## Sets up, builds, and sends voicemail from an emulated PBX the whole way.
	@.build/debug/voxkeep demo

test: set-up-tests ## Sets up, builds and runs every test.
	@echo "Building Voxkeep, its dependencies and its tests: five to nine minutes on 2 cores the first time."
	@# Installing the speech tools is mostly waiting, which the build fills.
	@scripts/test-speech & $(BUILD) --build-tests && wait $$!
	@# One after the other: tests that break every operation would starve those that wait for a network's answer.
	@$(TEST) --skip-build --skip EndToEndTests --skip RecordingArchiveTests
	@$(TEST) --skip-build --filter EndToEndTests
	@$(TEST) --skip-build --filter RecordingArchiveTests
	@Tests/Speech/run .build/debug/voxkeep --or-skip

test-release: export VOXKEEP_VERIFY_SIL = 1
test-release: set-up-tests release ## Tests the release binary from end to end, and runs each of its verbs under valgrind.
	@$(BUILD) --build-tests
	@VOXKEEP_TEST_BINARY=$(CURDIR)/.build/release/voxkeep $(TEST) --skip-build --filter EndToEndTests
	@strip --strip-debug -o .build/voxkeep-for-valgrind .build/release/voxkeep
	@VOXKEEP_TEST_BINARY=$(CURDIR)/scripts/under-valgrind $(TEST) --skip-build --filter EveryVerbTests

test-faults: set-up-tests ## Breaks the archive's commands at every system call: about half an hour, best as root.
	@$(BUILD) --build-tests
	@VOXKEEP_TEST_FAULTS=all $(TEST) --skip-build --filter 'FaultTests|MisplacedThingTests|DamageMatrixTests|RecordingArchiveTests'

test-speech: build ## Opens exported corpora with speech tools, which it installs from PyPI (1.5 GB); part of test.
	@scripts/test-speech
	@Tests/Speech/run .build/debug/voxkeep

lint: set-up-tests ## Checks formatting, imports and warnings.
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks Fuzz
	@$(BUILD) --build-tests

format: ## Formats the source in place.
	@# Files only: a symbolic link would be replaced by a copy.
	find Package.swift Sources Tests Benchmarks Fuzz -name '*.swift' -type f -not -path '*/.build/*' \
	    -exec $(SWIFT) format --in-place --parallel {} +

release: set-up ## Builds the release binary, .build/release/voxkeep, with Swift's runtime inside.
	@echo "Building Voxkeep for release: about ten minutes on 2 cores the first time."
	@$(BUILD) -c release --product voxkeep --static-swift-stdlib

bench: set-up ## Measures each stage of a conversion: time, frames per second, times real time.
	cd Benchmarks && $(SWIFT) package benchmark --target StageBenchmarks --no-progress

bench-check: set-up ## Counts each stage's instructions, and compares them with those in the repository.
	@cd Benchmarks && $(SWIFT) build -c release --product StageRunner
	@Benchmarks/check-instructions

bench-catalog: set-up ## Measures the catalog of an archive with ROWS recordings, 1,000,000 by default.
	@$(BUILD) -c release --product CatalogBenchmark
	.build/release/CatalogBenchmark $(ROWS)

bench-peers: release ## Measures Voxkeep beside flac, sox, ffmpeg and others: a quarter of an hour on a quiet machine.
	@Benchmarks/peers --voxkeep .build/release/voxkeep

bench-compression: ## Measures FLAC settings over Debian's speech and music: about twenty minutes.
	@mkdir -p .build
	$(CC) -O2 -o .build/compression-study Benchmarks/CompressionStudy/compression_study.c -lFLAC -lsndfile -lm
	python3 Benchmarks/CompressionStudy/study.py .build/compression-study

asan: set-up-tests ## Runs the tests under AddressSanitizer and LeakSanitizer.
	LSAN_OPTIONS=suppressions=$(CURDIR)/scripts/leaks-outside $(TEST) --scratch-path .build-asan --sanitize address

tsan: set-up-tests ## Runs the tests under ThreadSanitizer.
	$(TEST) --scratch-path .build-tsan --sanitize thread

fuzz: set-up ## Fuzzes every parser of foreign bytes for FUZZ_SECONDS each.
	Fuzz/run $(FUZZ_SECONDS)

mutants: set-up-tests ## Changes one operator, constant or condition at a time, and wants a test to fail, for MUTANTS_SECONDS at most.
	@scripts/mutants --seconds $(MUTANTS_SECONDS)

clean: ## Removes what was built.
	rm -rf .build .build-speech .build-asan .build-tsan .build-python .build-peers .build-mutants Benchmarks/.build Fuzz/.build
