package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// coldStart times the program on a repository that holds one small workflow.
func (b *bench) coldStart(ctx context.Context) error {
	const runs = 20
	dir, err := os.MkdirTemp("", "plimsoll-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	text := "on: push\npermissions: {}\njobs:\n  hello:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo hello\n"
	if err := writeFile(filepath.Join(dir, ".github", "workflows", "hello.yml"), []byte(text)); err != nil {
		return err
	}
	var samples []sample
	for range runs {
		s, err := measure(ctx, dir, b.bin, "lint")
		if err != nil {
			return err
		}
		samples = append(samples, s)
	}
	table(b.out, "Cold start: one small workflow", "runs, median", "", []row{{name: "plimsoll lint", count: runs, sample: median(samples)}})
	return nil
}

// workflows times the program on all workflows of the corpus, laid into one repository, beside actionlint on the same.
func (b *bench) workflows(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "plimsoll-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	names, err := gatherWorkflows(b.corpus, dir)
	if err != nil || len(names) == 0 {
		return err
	}
	floor, err := steady(ctx, dir, b.bin, append([]string{"lint"}, floorArgs...)...)
	if err != nil {
		return err
	}
	lint, err := steady(ctx, dir, b.bin, "lint")
	if err != nil {
		return err
	}
	rows := []row{
		{name: "plimsoll, no rules", count: len(names), sample: floor},
		{name: "plimsoll lint", count: len(names), sample: lint},
	}
	actionlint := filepath.Join(dir, "actionlint")
	build := exec.CommandContext(ctx, "go", "build", "-o", actionlint, "github.com/rhysd/actionlint/cmd/actionlint")
	if text, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(b.out, "actionlint is left out; it does not build here: %s\n\n", text)
	} else {
		s, err := steady(ctx, dir, actionlint, append([]string{"-shellcheck=", "-pyflakes="}, names...)...)
		if err != nil {
			return err
		}
		rows = append(rows, row{name: "actionlint, without shellcheck", count: len(names), sample: s})
		for i := range rows {
			rows[i].against = s.wall
		}
	}
	table(b.out, "All workflows in one process", "files", "of actionlint", rows)
	return nil
}

// charts times a process for each chart, beside helm template. A chart that helm refuses counts for both.
func (b *bench) charts(ctx context.Context) error {
	helm, err := exec.LookPath("helm")
	if err != nil {
		fmt.Fprint(b.out, "helm is not installed: charts are not compared with `helm template`.\n\n")
		return nil //nolint:nilerr // the absence is reported
	}
	charts, err := findCharts(b.corpus)
	if err != nil {
		return err
	}
	var ours, theirs sample
	for _, dir := range charts {
		s, err := measure(ctx, dir, b.bin, "lint")
		if err != nil {
			return err
		}
		ours = ours.add(s)
		s, _, err = timed(ctx, dir, helm, "template", "bench", ".")
		if err != nil {
			return err
		}
		theirs = theirs.add(s)
	}
	table(b.out, "Charts, one process each", "charts", "of helm template", []row{
		{name: "helm template", count: len(charts), sample: theirs, against: theirs.wall},
		{name: "plimsoll lint", count: len(charts), sample: ours, against: theirs.wall},
	})
	return nil
}

// repositories times a process for each repository of the corpus, with its rules and without.
func (b *bench) repositories(ctx context.Context) error {
	times, err := b.besideFloor(contest{
		count: countFiles,
		floor: func(dir string) (sample, error) {
			return steady(ctx, dir, b.bin, append([]string{"lint"}, floorArgs...)...)
		},
		lint: func(dir string) (sample, error) { return steady(ctx, dir, b.bin, "lint") },
	})
	if err != nil {
		return err
	}
	var rows []row
	for _, t := range times {
		rows = append(rows, row{name: t.name, count: t.count, sample: t.lint, against: t.floor.wall})
	}
	table(b.out, "Repositories, one process each", "files", "of the floor", append(rows, totals(times, "**all, no rules**")...))
	return nil
}
