// Command docgen writes what is derived and must not be written by hand: the page of every rule, the tables of rules,
// of the action's inputs and outputs and of all known checks, and the configuration's JSON Schema. Their one source is the
// rules' METADATA, the rules' fixtures, action.yml, coverage.yaml and internal/config. It also starts new rules.
//
//	docgen                 write them
//	docgen -check          say which are not what they would be written as, and fail
//	docgen -new-rule ID    create the two files that make a rule
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() {
	check := flag.Bool("check", false, "change nothing; fail when a generated file is out of date")
	id := flag.String("new-rule", "", "create the rule `ID`, category/name")
	root := flag.String("root", ".", "the project's `directory`")
	flag.Parse()
	if err := run(context.Background(), *root, *id, *check); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root, id string, check bool) error {
	if id != "" {
		created, err := newRule(root, id)
		for _, name := range created {
			fmt.Println("created", name)
		}
		return err
	}
	files, err := generate(ctx, root)
	if err != nil {
		return err
	}
	if !check {
		return files.write(root)
	}
	stale, err := files.stale(root)
	if err != nil {
		return err
	}
	for _, name := range stale {
		fmt.Println("out of date:", name)
	}
	if len(stale) > 0 {
		return errors.New("run `make generate`")
	}
	return nil
}
