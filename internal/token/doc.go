// Package token works out what the jobs of a workflow may do with their token, and what they need of it: their actions,
// commands, calls of the API, the workflows that they call. Where something could do with the token what cannot be told
// from here, it says so, and claims nothing that this could make false.
package token
