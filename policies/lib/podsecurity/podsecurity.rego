# METADATA
# title: Verdicts about the Pod Security Standards
# description: >-
#   How a violation of a standard is told: who it is about, and how severe it is, given what the cluster is known to
#   enforce in the pod's namespace.
package lib.podsecurity

enforced := input.facts.podSecurity.enforced

# A violation as a finding: usual is its severity where nothing is known of its namespace.
finding(violation, usual, msg) := {
	"msg": sprintf("%s%s", [msg, told.more]),
	"path": violation.path,
	"severity": told.severity,
	"persona": told.persona,
} if {
	told := standing(violation, usual)
}

# What the namespace enforces is refused, whatever it is. One that is labelled privileged has been thought about. What
# only Linux knows does nothing on Windows, though the admission controller refuses it there too. Else it is as usual.
standing(violation, usual) := {"more": more, "severity": "medium", "persona": "regular"} if {
	violation.refused
	more := sprintf("; its namespace enforces %s, so the cluster refuses the pod", [enforced])
} else := {"more": more, "severity": "info", "persona": "pedantic"} if {
	enforced == "privileged"
	more := ", which its namespace is labelled to allow"
} else := {"more": more, "severity": "info", "persona": "pedantic"} if {
	violation.windows
	not violation.control in {"windowsHostProcess", "hostPathVolumes"}
	more := sprintf("; %s", [on_windows(violation)])
} else := {"more": "", "severity": usual, "persona": persona(violation)}

on_windows(violation) := "on Windows it means nothing, so set os.name to windows" if {
	violation.missing
} else := "a HostProcess container needs it, but Pod Security refuses it all the same" if {
	violation.field == "hostNetwork"
	some other in input.facts.podSecurity.violations
	other.control == "windowsHostProcess"
	other.pod == violation.pod
} else := "on Windows it means nothing, but Pod Security refuses it there too"

# Most programs run without what only restricted asks for, so that a gate on it would be shut.
persona(violation) := "regular" if {
	violation.level == "baseline"
} else := "pedantic"

# What a violation is told with that only matters where the cluster refuses the pod for it.
hygiene(violation) := {} if {
	violation.refused
} else := {"persona": "pedantic"}

# Who a violation is about: its containers, or the object with the pod.
subject(violation) := sprintf("containers %s", [listed(plain)]) if {
	plain := [trim_prefix(name, "container ") | some name in violation.containers; startswith(name, "container ")]
	count(plain) == count(violation.containers)
	count(plain) > 1
} else := listed(violation.containers) if {
	count(violation.containers) > 0
} else := object_name

object_name := sprintf("%s %s", [input.facts.kube.kind, input.facts.kube.name])

# How many of a list are named; of one that is longer, the first three.
most := 4

listed(names) := sprintf("%s and %d more", [concat(", ", array.slice(names, 0, 3)), count(names) - 3]) if {
	count(names) > most
} else := sprintf("%s and %s", [concat(", ", array.slice(names, 0, count(names) - 1)), names[count(names) - 1]]) if {
	count(names) > 1
} else := names[0]

# Whether a container asks for every capability. Runtimes take the word in any case.
adds_all(violation) if {
	violation.control in {"capabilities_baseline", "capabilities_restricted"}
	endswith(violation.field, ".add[]")
	trim_prefix(upper(violation.value), "CAP_") == "ALL"
}

# Whether a volume is the socket of a container runtime, which is a pipe on Windows.
runtime_socket(violation) if {
	parts := split(clean(violation.value), "/")
	parts[count(parts) - 1] in sockets
}

runtime_socket(violation) if {
	pipe(violation.value)
	parts := split(replace(violation.value, `\`, "/"), "/")
	lower(parts[count(parts) - 1]) in {"containerd-containerd", "docker_engine"}
}

# Whether a path is a pipe of Windows, at which a program listens.
pipe(path) if startswith(lower(replace(path, `\`, "/")), "//./pipe/")

# Whether a path is one of Windows.
on_disk_of_windows(path) if regex.match(`^[A-Za-z]:[\\/]`, path)

sockets := {
	"buildkitd.sock",
	"containerd.sock",
	"cri-dockerd.sock",
	"crio.sock",
	"docker.sock",
	"dockershim.sock",
	"podman.sock",
}

# A path without a slash at its end, but for the root.
clean(path) := "/" if {
	trim_right(path, "/") == ""
} else := trim_right(path, "/")

# The value of a field that may be empty.
shown(violation) := object.get(violation, "value", "\"\"")

# The verb for the subject of a violation.
verb(violation, singular, plural) := plural if {
	count(violation.containers) > 1
} else := singular
