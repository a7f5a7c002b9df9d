package main

import (
	"bytes"
	"os"
	"runtime/debug"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

const modulePath = "github.com/plimsoll-dev/plimsoll"

// inventory lists what is linked into a program, as the program itself says: each module at its version with the sum that
// go.sum holds it to, and Go's own library.
func (r *release) inventory(p *program) *cdx.BOM {
	main := r.programComponent(p)
	main.BOMRef = purl(modulePath, r.version)
	modules := modulesOf(p.info)
	return r.bom(main, modules, []cdx.Dependency{{Ref: main.BOMRef, Dependencies: refsOf(modules)}})
}

// imageInventory lists what is in an image: the program for each platform, and what is linked into it.
func (r *release) imageInventory(digest string, built []program) *cdx.BOM {
	image := cdx.Component{
		Type: cdx.ComponentTypeContainer, Name: "plimsoll", Version: r.version,
		BOMRef: "pkg:oci/plimsoll@" + strings.ReplaceAll(digest, ":", "%3A"),
	}
	image.PackageURL = image.BOMRef
	graph := []cdx.Dependency{{Ref: image.BOMRef}}
	var parts []cdx.Component
	seen := map[string]bool{}
	for i := range built {
		part := r.programComponent(&built[i])
		part.BOMRef = purl(modulePath, r.version) + "?goos=" + built[i].platform.os + "&goarch=" + built[i].platform.arch
		parts = append(parts, part)
		modules := modulesOf(built[i].info)
		graph = append(graph, cdx.Dependency{Ref: part.BOMRef, Dependencies: refsOf(modules)})
		for _, m := range modules {
			if !seen[m.BOMRef] {
				seen[m.BOMRef] = true
				parts = append(parts, m)
			}
		}
	}
	programs := make([]string, 0, len(built))
	for _, d := range graph[1:] {
		programs = append(programs, d.Ref)
	}
	graph[0].Dependencies = &programs
	return r.bom(image, parts, graph)
}

func (r *release) bom(subject cdx.Component, parts []cdx.Component, graph []cdx.Dependency) *cdx.BOM {
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Component: &subject}
	bom.Components = &parts
	bom.Dependencies = &graph
	return bom
}

func (r *release) programComponent(p *program) cdx.Component {
	return cdx.Component{
		Type: cdx.ComponentTypeApplication, Name: "plimsoll", Version: r.version,
		PackageURL: purl(modulePath, r.version),
		Licenses:   &cdx.Licenses{{License: &cdx.License{ID: "Apache-2.0"}}},
		Hashes:     &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: p.sha256()}},
		Properties: &[]cdx.Property{{Name: "go:platform", Value: p.platform.String()}},
	}
}

// modulesOf lists the modules in the order of their paths, which is the linker's, and Go's library last.
func modulesOf(info *debug.BuildInfo) []cdx.Component {
	modules := make([]cdx.Component, 0, len(info.Deps)+1)
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		modules = append(modules, library(m.Path, m.Version, m.Sum))
	}
	return append(modules, library("std", strings.TrimPrefix(info.GoVersion, "go"), ""))
}

// library is one module. Its sum is that of go.sum ("h1:…"), a hash of all its files' hashes, which is none that CycloneDX names.
func library(path, version, sum string) cdx.Component {
	c := cdx.Component{Type: cdx.ComponentTypeLibrary, Name: path, Version: version, PackageURL: purl(path, version), BOMRef: purl(path, version)}
	if sum != "" {
		c.Properties = &[]cdx.Property{{Name: "go:sum", Value: sum}}
	}
	return c
}

// purl is a package URL of a Go module. Its specification has the path in lower case and '+' encoded
// (github.com/package-url/purl-spec, types/golang).
func purl(path, version string) string {
	return "pkg:golang/" + strings.ToLower(path) + "@" + strings.ReplaceAll(version, "+", "%2B")
}

func refsOf(components []cdx.Component) *[]string {
	refs := make([]string, 0, len(components))
	for i := range components {
		refs = append(refs, components[i].BOMRef)
	}
	return &refs
}

// writeInventory writes JSON of CycloneDX 1.6. It has neither serial number nor time: both would differ each time.
func writeInventory(path string, bom *cdx.BOM) error {
	var text bytes.Buffer
	if err := cdx.NewBOMEncoder(&text, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bom, cdx.SpecVersion1_6); err != nil {
		return err
	}
	return os.WriteFile(path, text.Bytes(), 0o600)
}
