package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plimsoll-dev/plimsoll/internal/config"
)

// misusedFlag says what is wrong with a flag, and for one that is not known the nearest that is.
func misusedFlag(cmd *cobra.Command, err error) error {
	name, unknown := strings.CutPrefix(err.Error(), "unknown flag: --")
	if !unknown {
		return fmt.Errorf("%w; %s --help lists the flags", err, cmd.CommandPath())
	}
	var known []string
	for word := range strings.FieldsSeq(cmd.LocalFlags().FlagUsages()) {
		if flag, ok := strings.CutPrefix(word, "--"); ok {
			known = append(known, flag)
		}
	}
	if near := config.Nearest(name, known); near != "" {
		return fmt.Errorf("unknown flag --%s; did you mean --%s?", name, near)
	}
	return fmt.Errorf("unknown flag --%s; %s --help lists the flags", name, cmd.CommandPath())
}

// oneArgument asks for one argument, by the name that the command's usage gives it.
func oneArgument(cmd *cobra.Command, args []string) error {
	if len(args) == 1 {
		return nil
	}
	_, name, _ := strings.Cut(cmd.Use, " ")
	return usage(fmt.Errorf("%s takes one %s, and %d are given: %s %s", cmd.Name(), name, len(args), cmd.CommandPath(), name))
}

// checkCommand refuses a command that there is not.
func checkCommand(root *cobra.Command) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		var known []string
		for _, c := range root.Commands() {
			if c.IsAvailableCommand() {
				known = append(known, c.Name())
			}
		}
		message := fmt.Sprintf("unknown command %q", args[0])
		if near := config.Nearest(args[0], known); near != "" {
			return usage(fmt.Errorf("%s; did you mean %q?", message, near))
		}
		return usage(errors.New(message + "; plimsoll --help lists the commands"))
	}
}
