# On a fresh Debian 12, `make demo` and `make check` do everything.
PREFIX ?= /usr/local
BUILD ?= build
JOBS ?= $(shell nproc)

.PHONY: help build demo check bench install clean packages test-packages

help:
	@echo "make demo     install packages, build, and take the examples from dev to production"
	@echo "make check    install packages, build, and run every test"
	@echo "make build    leave the program at build/pawl"
	@echo "make bench    measure (BENCH='--long --one-core'; bench/README.md)"
	@echo "make install  PREFIX=$(PREFIX)"

packages:
	@tools/install-packages build

test-packages:
	@tools/install-packages tests

build: packages
	@cmake --preset dev -B $(BUILD) -DPAWL_TESTS=OFF >/dev/null
	@cmake --build $(BUILD) -j $(JOBS) --target pawl

demo: build
	@examples/shop/demo.sh $(abspath $(BUILD)/pawl)
	@examples/gates/demo.sh $(abspath $(BUILD)/pawl)

check: test-packages
	@cmake --preset dev -B $(BUILD) -DPAWL_TESTS=ON >/dev/null
	@cmake --build $(BUILD) -j $(JOBS)
	@cd $(BUILD) && ctest --output-on-failure -j $(JOBS)

bench: test-packages
	@cmake --preset release -B build-bench -DPAWL_TESTS=OFF >/dev/null
	@cmake --build build-bench -j $(JOBS) --target pawl bench_ledger bench_policy
	@bench/run $(BENCH) build-bench/pawl

install: build
	@cmake --install $(BUILD) --prefix $(PREFIX)

clean:
	@rm -rf build build-*
