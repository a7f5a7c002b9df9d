// Command plimsoll lints repositories for the security of the Kubernetes supply chain.
package main

import (
	"os"

	"github.com/plimsoll-dev/plimsoll/internal/cli"
)

func main() {
	os.Exit(cli.Main())
}
