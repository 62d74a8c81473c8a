# make plan   the baseline scenario into maps/baseline/      make test   every test
# make gallery  the pictures of maps/gallery
# make bench  every benchmark (NAME=... for one)             make lint   ruff and mypy
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SCENARIO ?= scenarios/baseline.toml
READY := $(VENV)/.ready
DEV := $(VENV)/.dev
KERNELS := $(VENV)/.kernels
BENCH := $(VENV)/.bench
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet

.PHONY: plan test bench lint gallery lock clean

plan: $(READY) $(KERNELS)
	$(BIN)/gis-planner run $(SCENARIO)

# A file's tests stay in one process, so that what they share is made once.
test: $(DEV) $(KERNELS)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(BENCH) $(KERNELS)
	$(BIN)/python -m benchmarks $(NAME)

gallery: $(DEV) $(KERNELS)
	$(BIN)/gis-planner run scenarios/baseline.toml --out build/gallery/run
	$(BIN)/gis-planner compare $(addprefix scenarios/,baseline.toml half-budget.toml rainy-season.toml new-camp.toml) \
	  --out build/gallery/compare
	$(BIN)/python -m gis_planner.maps.gallery build/gallery/run build/gallery/compare --out maps/gallery

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(READY) requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(BENCH): $(DEV) requirements-bench.txt
	$(PIP) -r requirements-bench.txt
	@touch $@

# A compiled kernel does not notice that a function it calls has changed: any newer source compiles all of them anew.
$(KERNELS): $(READY) $(shell find gis_planner -name '*.py')
	find gis_planner -name '*.nb[ic]' -delete
	@touch $@

lock:
	$(PIP) uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml --extra build -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml --extra build --extra dev -o requirements-dev.lock

clean:
	rm -rf $(VENV) build *.egg-info
