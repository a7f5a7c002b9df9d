package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// gatherWorkflows copies every workflow of the corpus into one repository in dir, and names the copies.
func gatherWorkflows(corpus, dir string) ([]string, error) {
	var names []string
	for _, pattern := range []string{"*.yml", "*.yaml"} {
		found, err := filepath.Glob(filepath.Join(corpus, "*", "*", ".github", "workflows", pattern))
		if err != nil {
			return nil, err
		}
		for _, name := range found {
			rel, err := filepath.Rel(corpus, name)
			if err != nil {
				return nil, err
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			to := filepath.Join(".github", "workflows", strings.ReplaceAll(rel, string(filepath.Separator), "_"))
			if err := writeFile(filepath.Join(dir, to), text); err != nil {
				return nil, err
			}
			names = append(names, to)
		}
	}
	return names, nil
}

// findCharts lists the directories of the corpus's charts, those inside another chart left out.
func findCharts(corpus string) ([]string, error) {
	var charts []string
	err := filepath.WalkDir(corpus, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if info, err := os.Stat(filepath.Join(name, "Chart.yaml")); err == nil && info.Mode().IsRegular() {
			charts = append(charts, name)
			return fs.SkipDir
		}
		return nil
	})
	return charts, err
}

func countFiles(dir string) (int, error) {
	n := 0
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			n++
		}
		return err
	})
	return n, err
}

func writeFile(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o600)
}
