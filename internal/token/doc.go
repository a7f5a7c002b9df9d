// Package token works out what the jobs of a workflow may do with their token, and what they need of it.
package token
