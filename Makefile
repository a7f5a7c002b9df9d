# Plimsoll's chores. `make help` lists them.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GO       ?= go
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
FUZZTIME ?= 30s
BUDGET   ?= 4s

# Each tool has a module of its own, so that none of them weighs on ours or on each other.
TOOL     = $(GO) tool -modfile=internal/tools/$(1)/go.mod
GOLANGCI = $(call TOOL,golang) golangci-lint
OPA      = $(call TOOL,opa) opa
REGAL    = $(call TOOL,regal) regal

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build bin/plimsoll, static
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/plimsoll \
		-ldflags '-s -w -X github.com/plimsoll-dev/plimsoll/internal/cli.Version=$(VERSION)' ./cmd/plimsoll

.PHONY: demo
demo: build ## Lint testdata/demo, which is meant to have findings
	@bin/plimsoll lint --root testdata/demo || [ $$? -eq 1 ]

.PHONY: test
test: ## Run all tests
	$(GO) test ./...

.PHONY: test-causal
test-causal: ## Try the places of rendered values on $PLIMSOLL_CORPUS, BUDGET of time for each chart
	PLIMSOLL_CAUSAL=$(BUDGET) $(GO) test ./internal/causal -run 'Causal|Fixtures|Renders' -count=1 -v -timeout 120m

.PHONY: lint
lint: ## Look for mistakes in the Go code and the policies
	$(GO) vet ./...
	$(GOLANGCI) run
	$(OPA) check --strict policies
	$(REGAL) lint policies

.PHONY: fmt
fmt: ## Format the Go code and the policies
	$(GOLANGCI) fmt
	$(OPA) fmt --write policies

.PHONY: generate
generate: ## Write what is generated: rule pages, tables, schemas
	$(GO) run ./internal/docgen

.PHONY: check
check: build ## All that CI asks for; changes nothing
	$(GOLANGCI) fmt --diff
	$(OPA) fmt --list --fail policies
	$(GO) run ./internal/docgen -check
	$(MAKE) --no-print-directory lint
	$(OPA) test policies
	bin/plimsoll lint --fail-on low .
	CGO_ENABLED=1 $(GO) test -race -short ./...
	$(MAKE) --no-print-directory test

.PHONY: update
update: ## Rewrite the golden files from what the program does now; read the diff
	UPDATE=1 $(GO) test -count=1 ./internal/...

.PHONY: new-rule
new-rule: ## Start a rule: make new-rule ID=workflow/some-name
	$(GO) run ./internal/docgen -new-rule '$(ID)'

.PHONY: bench
bench: build ## Time bin/plimsoll over the repositories in $PLIMSOLL_CORPUS
	$(GO) run ./internal/bench
	$(GO) test ./internal/causal -run '^$$' -bench TraceCost -benchtime 1x -timeout 30m

.PHONY: fuzz
fuzz: ## Run every fuzz test for FUZZTIME (30s)
	@grep -rHoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' internal | sed -E 's|/[^/]*:func | |' | while read -r dir name; do \
		$(GO) test "./$$dir" -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME); \
	done

.PHONY: release
release: ## Build dist/: the program for all platforms, image, inventories, checksums: make release VERSION=v1.2.3
	$(GO) run ./internal/release -version '$(VERSION)' -out dist

.PHONY: image
image: build ## Build the container image plimsoll:VERSION
	docker build --tag plimsoll:$(VERSION) .
