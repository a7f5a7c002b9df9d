// Package trace renders a chart a second time to learn which source wrote which byte of the output.
package trace
