package main

// maxrssUnit is the unit of Rusage.Maxrss, in bytes: Linux counts kibibytes.
const maxrssUnit = 1024
