# The front door. Everything real is in CMakePresets.json and tools/.
#
#   make run        install what is missing, build, start a server (DATA=DIR, LISTEN=HOST:PORT)
#   make show       the sealing round trip that the README shows
#   make test       install what is missing, build, run every test
#   make check      the second compiler, clang-tidy and the sanitizers
#   make steady     every system test STEADY_RUNS=20 times beside a loaded machine
#   make mutants    small faults put into a copy, one by one: the tests have to notice (MUTANTS=server/...)
#   make build      the optimised programs, in build/release/
#   make bench      micro-benchmarks          make bench-age   sealing beside age and the machine
#   make bench-transfer  sealift send and receive beside bare TLS, sftp and rclone
#   make bench-server   the server beside nginx and h2o
#   make census-dump DUMP=DIR SIZE=6500   an invented dump of so many MB
#   make bench-census   the census, by stage and on a whole dump of SIZE MB
#   make sanitize   every module's tests and fuzz seeds under address and undefined, those with threads under thread
#   make fuzz       every fuzz target, FUZZ_SECONDS each (60)
#   make lint       build everything with clang, without a warning
#   make tidy       clang-tidy on every library and program
#   make train-names NAMES=DIR   the name model anew, from annotated corpora
#   make train-meaning           the meaning model anew, from documents of invented people
#   make hostile    thousands of odd and broken files through sealift-extract: each ends in a status
#   make faults     hundreds of kills, broken networks, stepped clocks and full disks (FAULT_RUNS, FAULT_SEED)
#   make parallel   TRANSFERS=500 of PARALLEL_MIB each at once, with the memory of each role
#   make soak       a parcel of SOAK_GIB=50 sent, recalled half-way, sent again through a kill, received by range (SOAK_FOLDER)
#   make soak-backup  SOAK_MINUTES=60 of work, a backup every minute, everything killed at random, each generation restored and compared
#   make web        the web client's bundle alone, in build/release/web/bundle, after checking its types
#   make web-core   the web client's core in WebAssembly: web/src/crypto/generated/core.wasm; make build takes it in
#   make test-web-core  its vectors, differential tests and transfers, in Node
#   make bench-web  sealing in Node and Chromium beside age-encryption
#   make test-web   the web client's pages in Chromium and Firefox
#   make test-web-large  WEB_MIB=1024 sent and received in each, with the memory that takes
#   make reproducible-web  the web client built again in two other folders, compared byte by byte
#   make lighthouse  every page judged by Lighthouse in Chromium: accessibility, best practices, time to interactive
#   make screenshots  every page, both languages and colour schemes, into build/screenshots
#   make package    sealift and sealift-server as .debs, in build/packages
#   make lint-packages  lintian on them, without a finding
#   make packages-test  as root: built, installed, upgraded, rolled back and purged in Debian 12 and 13 roots (RELEASES=bookworm)
#   make reproducible  the packages built again in another folder, compared byte by byte
#   make release    KEY=FILE: packages, SBOM, source and checksums signed with minisign, in build/release-files
#   make metrics    the server's figures, read by Prometheus' own promtool
#   make attack     sqlmap, wapiti, slowhttptest, testssl and h2load against a running server
#   make format     rewrite the sources in the house format
JOBS ?= $(shell nproc)
# Tests wait more than they compute: for servers, clocks and lines that are slow on purpose.
TEST_JOBS ?= $(shell expr 2 '*' $(JOBS))
FUZZ_SECONDS ?= 60
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
export CMAKE_BUILD_PARALLEL_LEVEL := $(JOBS)

.PHONY: package lint-packages packages-test reproducible release metrics bench-api bench-tus web web-core test-web-core bench-web test-web screenshots attack faults parallel soak show accuracy hostile train-names train-meaning interop-log run test check steady mutants build setup lint tidy bench bench-age bench-server bench-transfer bench-census census-dump sanitize fuzz format clean

setup:
	@tools/setup.sh

build: web-core
	@cmake --preset release >build/release.configure.log 2>&1 || { cat build/release.configure.log; exit 1; }
	@cmake --build --preset release --target programs

DATA ?= build/run
LISTEN ?= 127.0.0.1:8080
run: build
	@tools/run.sh build/release $(DATA) $(LISTEN)

package: build
	@rm -rf build/packages
	@packaging/make_packages.sh build/release build/packages

lint-packages: package
	@tools/setup.sh tools/packages-release.txt
	@lintian -I --pedantic --fail-on error,warning,info,pedantic --allow-root build/packages/*.deb

# ROOTS: where the roots are made, 4 GB each. SEALIFT_OLD=0.1.0: upgrade from that release, built from its commit; =FOLDER: from the
# packages in FOLDER/RELEASE.
# PACKAGES_CMAKE=-DCMAKE_CXX_FLAGS_RELEASE=-O0 builds in a third of the time, for who changes the packaging alone.
ROOTS ?= build/roots
RELEASES ?= bookworm trixie
packages-test: build
	@tools/setup.sh tools/packages-release.txt
	@packaging/try_packages.py $(ROOTS) $(RELEASES)

reproducible: build
	@packaging/reproduce.sh build/release

KEY ?=
release: lint-packages
	@packaging/make_release.sh build/release build/packages "$(KEY)" build/release-files

show: build
	@tools/show_sealing.sh build/release

# What finds faults that the tests don't, and takes longer than they do.
check: lint tidy sanitize
	@python3 tests/mutants/run.py --check

# clang builds everything too, warning-free.
lint: setup
	@cmake --preset clang >build/clang.configure.log 2>&1 || { cat build/clang.configure.log; exit 1; }
	@cmake --build --preset clang

# clang-tidy over everything that is not a test.
tidy: setup
	@cmake --preset tidy >build/tidy.configure.log 2>&1 || { cat build/tidy.configure.log; exit 1; }
	@cmake --build --preset tidy --target programs -- -k 0

test: build
	@cmake --build --preset release
	@ctest --preset release -j $(TEST_JOBS)
	@grep -hE '^(age test kit|[0-9]+ files exchanged|not tested: )' build/release/Testing/Temporary/LastTest.log
	@sed -n 's|^\[  SKIPPED \] \([A-Za-z0-9/]*\.[A-Za-z0-9/]*\) (.*|not tested: \1|p' build/release/Testing/Temporary/LastTest.log | sort -u
	@awk '/^[0-9]+ lies told, [0-9]+ refused$$/ { told += $$1; refused += $$4 } \
	  END { print told " lies of a server told, " refused " refused" }' build/release/Testing/Temporary/LastTest.log

# Each until it fails, one after the other, while as many processes as there are processors do nothing but count.
STEADY_RUNS ?= 20
STEADY ?= ^system_
steady: build
	@cmake --build --preset release
	@tools/steady.sh build/release $(STEADY_RUNS) '$(STEADY)'

MUTANTS ?=
mutants: build
	@python3 tests/mutants/run.py build/release $(MUTANTS)

# The modules whose threads meet in memory of their own.
THREADED := age catalog client extract server store
space := $(subst ,, )
sanitize: setup
	@for preset in asan tsan; do \
	  cmake --preset $$preset >build/$$preset.configure.log 2>&1 || { cat build/$$preset.configure.log; exit 1; }; \
	done
	@cmake --build --preset asan --target module_tests all_fuzzers && ctest --preset asan -L 'module|fuzz_seeds'
	@cmake --build --preset tsan --target $(THREADED:%=%_test) && ctest --preset tsan -R '^($(subst $(space),|,$(THREADED)))$$'

fuzz: setup
	@cmake --preset fuzz >build/fuzz.configure.log 2>&1 || { cat build/fuzz.configure.log; exit 1; }
	@cmake --build --preset fuzz --target all_fuzzers
	@tools/fuzz.sh build/fuzz/fuzzers $(FUZZ_SECONDS)

bench: build
	@cmake --build --preset release --target all_benches
	@for program in build/release/*_bench; do $$program || exit 1; done

# Beside nginx and h2o, in a network namespace of its own. SERVER_ROUNDS, SERVER_MIB, SERVER_ONLY=tls1,put,...
SERVER_ROUNDS ?= 5
SERVER_MIB ?= 2048
SERVER_ONLY ?=
bench-server: setup
	@cmake --preset release >build/release.configure.log 2>&1 || { cat build/release.configure.log; exit 1; }
	@cmake --build --preset release --target bench_server load_client
	@python3 bench/server/run.py build/release --rounds $(SERVER_ROUNDS) --mib $(SERVER_MIB) --only "$(SERVER_ONLY)" \
	  --json build/bench-server.json

# The whole server: a small GET beside nginx's file, and tus uploads beside npm's @tus/server (BENCH_FOLDER: on which disk).
bench-api: build
	@cmake --build --preset release --target load_client
	@python3 bench/server/api.py build/release --rounds $(SERVER_ROUNDS)
bench-tus: build
	@cmake --build --preset release --target load_client
	@npm ci --prefix bench/server/npm --ignore-scripts --omit=optional --no-audit --no-fund --silent
	@python3 bench/server/tus.py build/release --rounds $(SERVER_ROUNDS) --mib $(SERVER_MIB)

# Beside bare TLS and, where sshd and rclone are installed, sftp and rclone crypt. TRANSFER_ROUNDS, TRANSFER_MIB;
# TRANSFER_FOLDER=/dev/shm compares the processors without the disk; TRANSFER_ONLY="bare TLS,sealift".
TRANSFER_ROUNDS ?= 5
TRANSFER_MIB ?= 2048
TRANSFER_FOLDER ?=
TRANSFER_ONLY ?=
bench-transfer: build
	@cmake --build --preset release --target bench_server load_client
	@python3 bench/transfer.py build/release --rounds $(TRANSFER_ROUNDS) --mib $(TRANSFER_MIB) \
	  --folder "$(TRANSFER_FOLDER)" --only "$(TRANSFER_ONLY)"

# The invented dump stands in BENCH_FOLDER (twice SIZE are needed) and is used again.
SIZE ?= 6500
DUMP ?= build/census-dump
BENCH_FOLDER ?= build/bench-census
census-dump: build
	@cmake --build --preset release --target make_census_dump
	@build/release/make_census_dump $(DUMP) $(SIZE)

bench-census: build
	@cmake --build --preset release --target make_census_dump census_bench readers_bench
	@bench/census/run.py build/release --size $(SIZE) --work $(BENCH_FOLDER)

# Smaller: make bench-age SIZE_MIB=256 ROUNDS=3 FILES=1000 RSS_MIB=1,256
export SIZE_MIB ROUNDS FILES RSS_MIB THREADS FAST_DIR
bench-age: build
	@cmake --build --preset release --target age_engine age_limit
	@bench/age.py

# NAMES: the folder with the annotated corpora (docs/census/names.md).
train-names: setup
	@tools/census/train_names.sh $(NAMES)

# The weights that tell what columns and labels mean, from tools/census/forge.
train-meaning: setup
	@tools/census/train_meaning.sh

hostile: build
	@tools/hostile.py build/release/sealift-extract build/hostile

# How well the census finds names and people in the corpora and dumps below CORPORA. ONLY=names for
# names in running text alone.
CORPORA ?= ../shared/corpora
accuracy: build
	@cmake --build --preset release --target name_accuracy
	@tools/accuracy.sh build/release $(CORPORA)
	@tools/census/forge_accuracy.sh

# A dozen of each are in `make test`.
FAULT_RUNS ?= 300
FAULT_SEED ?= 7
faults: build
	@cmake --build --preset release --target clock_shim
	@for test in storm faults network clock; do \
	  SEALIFT_BUILD_DIR=build/release SEALIFT_SOURCE_DIR=. SEALIFT_FAULT_RUNS=$(FAULT_RUNS) SEALIFT_FAULT_SEED=$(FAULT_SEED) \
	    python3 -W ignore tests/system/$${test}_test.py || exit 1; done

TRANSFERS ?= 500
PARALLEL_MIB ?= 8
parallel: build
	@SEALIFT_BUILD_DIR=build/release SEALIFT_PARALLEL=$(TRANSFERS) SEALIFT_PARALLEL_MIB=$(PARALLEL_MIB) \
	  python3 -W ignore tests/system/parallel_test.py

SOAK_GIB ?= 50
SOAK_FOLDER ?= build
soak: build
	@python3 -W ignore tests/system/soak.py build/release --gib $(SOAK_GIB) --folder $(SOAK_FOLDER)

SOAK_MINUTES ?= 60
SOAK_SEED ?= 1
.PHONY: soak-backup
soak-backup: build
	@python3 -W ignore tests/system/backup_soak.py build/release --minutes $(SOAK_MINUTES) --seed $(SOAK_SEED)

web: setup
	@cd web && npm run --silent check
	@cmake --preset release >build/release.configure.log 2>&1 || { cat build/release.configure.log; exit 1; }
	@cmake --build --preset release --target web

# Beside the native build: another compiler, from Debian's emscripten.
EMSCRIPTEN := /usr/share/emscripten/cmake/Modules/Platform/Emscripten.cmake
web-core: setup
	@tools/setup.sh tools/packages-web.txt
	@web/core/libsodium_source.sh build/libsodium
	@cmake -S web/core -B build/web-core -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_TOOLCHAIN_FILE=$(EMSCRIPTEN) \
	  -DSEALIFT_SODIUM_SOURCE=$(CURDIR)/build/libsodium/libsodium-1.0.18 >build/web-core.configure.log 2>&1 || { cat build/web-core.configure.log; exit 1; }
	@cmake --build build/web-core
	@mkdir -p web/src/crypto/generated
	@cmp -s build/web-core/core.wasm web/src/crypto/generated/core.wasm || cp build/web-core/core.wasm web/src/crypto/generated/core.wasm

test-web-core: web-core build
	@node web/tools/run_tests.mjs

# MIB=256
MIB ?= 256
bench-web: web-core
	@node web/tools/bench.mjs --mib $(MIB)

# BROWSERS=chromium,firefox
BROWSERS ?= chromium,firefox
test-web: build
	@tools/setup.sh tools/packages-browsers.txt
	@SEALIFT_BUILD_DIR=build/release BROWSERS=$(BROWSERS) node --test web/tests/*_test.mjs

WEB_MIB ?= 1024
.PHONY: test-web-large
test-web-large: build
	@tools/setup.sh tools/packages-browsers.txt
	@SEALIFT_BUILD_DIR=build/release SEALIFT_WEB_MIB=$(WEB_MIB) BROWSERS=$(BROWSERS) node --test web/tests/large_files_test.mjs

.PHONY: reproducible-web
reproducible-web: build
	@node web/tools/reproduce.mjs --core

# Lighthouse is a package of its own: nothing else needs its 185 MB. PAGES="/ /send" for some of them
.PHONY: lighthouse
lighthouse: build
	@[ -d web/lighthouse/node_modules ] || npm ci --prefix web/lighthouse --ignore-scripts --no-audit --no-fund --silent
	@SEALIFT_BUILD_DIR=build/release node web/tests/lighthouse.mjs $(PAGES)

# PAGES="send inbox" for some of them
PAGES ?=
screenshots: build
	@SEALIFT_BUILD_DIR=build/release node web/tests/screenshots.mjs build/screenshots $(PAGES)

metrics: build
	@tools/setup.sh tools/packages-metrics.txt
	@SEALIFT_BUILD_DIR=build/release SEALIFT_SOURCE_DIR=. SEALIFT_NEEDS_PROMTOOL=1 \
	  python3 -W ignore tests/system/people_test.py People.test_3_figures_are_as_prometheus_reads_them

attack: build
	@tools/setup.sh tools/packages-attack.txt
	@python3 tests/attack/tools.py build/release

format:
	@python3 tools/check_format.py --fix

clean:
	rm -rf build

# Our log, judged by Go's own sumdb packages: needs golang-go and golang-golang-x-mod-dev, which
# nothing else does and make setup does not install.
interop-log: setup
	@cmake --preset release >build/release.configure.log 2>&1 || { cat build/release.configure.log; exit 1; }
	@cmake --build --preset release --target make_log
	@rm -rf build/interop_log && build/release/make_log build/interop_log
	@GO111MODULE=off GOPATH=/usr/share/gocode go run tests/interop/log_interop.go build/interop_log
