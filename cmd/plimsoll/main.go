// Command plimsoll lints repositories for the security of the Kubernetes supply chain.
package main

import (
	"os"

	_ "golang.org/x/crypto/x509roots/fallback" // certificates for the image, which has nothing but this program

	"github.com/plimsoll-dev/plimsoll/internal/cli"
)

func main() {
	os.Exit(cli.Main())
}
