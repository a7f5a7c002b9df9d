package facts

import (
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Use is what a file is there for, as far as the folders tell that it lies in; "" for what is deployed or run.
type Use string

// The uses that the names of folders tell of.
const (
	UseTest        Use = "test"        // what only tests read or run, and source code copied from others
	UseExample     Use = "example"     // what is shown to readers
	UseDevelopment Use = "development" // what runs on a developer's machine
)

// testFolders are names that folders have for what tests read, wherever they lie. A folder that is only called test may be an
// environment.
var testFolders = []string{
	"__fixtures__", "__snapshots__", "__tests__", "_testdata", "chainsaw", "conformance", "e2e",
	"e2e-test", "e2e-tests", "fake", "fixtures", "golden", "integration-test", "integration-tests", "integration_test",
	"integration_tests", "test-data", "test-fixtures", "test_data", "testcases", "testdata", "testfiles", "unittests",
}

// plainTests may be environments as well: one that stands beside production is.
var plainTests = []string{"test", "tests", "integration", "testing"}

var exampleFolders = []string{"demo", "demos", "doc", "docs", "example", "examples", "sample", "samples", "_examples", ".examples"}

// environments are what people call folders that a cluster or stage is deployed from, or that stand beside them.
var environments = []string{
	"base", "dev", "development", "live", "prd", "prod", "production", "qa", "stage", "staging", "stg", "uat",
}

// holders are what people call folders that hold environments.
var holders = []string{"clusters", "envs", "environments", "overlays"}

// useOf tells what a file, and what it was rendered for, are there for. What something else is rendered with counts as that.
func useOf(doc *source.Document, files *source.Repository) Use {
	if doc.Origin != nil && doc.Origin.Renderer == "helm" && isChartTest(doc) {
		return UseTest
	}
	use := folderUse(path.Dir(doc.File.Path), files)
	if use == "" && doc.File.Kind == source.DevContainer { // .devcontainer.json lies in no folder of its own
		return UseDevelopment
	}
	if doc.Origin == nil || use == "" {
		return use
	}
	if root := folderUse(doc.Origin.Root, files); root != UseTest {
		return root
	}
	return use
}

// isChartTest reports whether what a chart writes is run by `helm test` alone, or written with values that only its tests use.
func isChartTest(doc *source.Document) bool {
	deployed := func(variant string) bool { return !strings.HasPrefix(variant, "ci/") }
	variants := doc.Origin.Variants
	return strings.Contains(doc.File.Path, "/templates/tests/") || len(variants) > 0 && !slices.ContainsFunc(variants, deployed)
}

func folderUse(folder string, files *source.Repository) Use {
	if strings.HasPrefix(folder, ".github/") {
		return "" // it runs
	}
	var use Use
	names := strings.Split(folder, "/")
	for i, name := range names {
		parent := path.Join(names[:i]...)
		switch {
		case strings.HasPrefix(name, ".chainsaw-test"), strings.HasPrefix(name, ".kyverno-test"), slices.Contains(testFolders, name), slices.Contains(plainTests, name) && !isEnvironment(parent, files):
			return UseTest
		case name == "vendor" && files.Has(path.Join(parent, name, "modules.txt")): // Go's
			return UseTest
		case slices.Contains(exampleFolders, name):
			use = UseExample
		case name == ".devcontainer":
			use = UseDevelopment
		}
	}
	return use
}

// isEnvironment reports whether a folder holds environments: by its own name, or by one of them.
func isEnvironment(parent string, files *source.Repository) bool {
	if base := path.Base(parent); slices.Contains(holders, base) || slices.Contains(environments, base) {
		return true
	}
	return slices.ContainsFunc(environments, func(name string) bool { return files.HasFolder(path.Join(parent, name)) })
}
