# shellcheck shell=bash
# One expectation for each way in which Sigma is read otherwise than one thinks. Sourced by ../sigma.sh.
p=proc_creation_lnx_values
expect "texts are compared without regard to case: a text is written as it is" has ${p}_folded.yml "Image|startswith: '/usr/bin/Xorg'"
expect "under not, what regards case is an anchored expression" has ${p}_folded_not.yml "CurrentDirectory|re: '^/Home\$'"
expect "what does not regard case is a text there too" has ${p}_any_case.yml "CurrentDirectory: '/Home'"
expect "an expression is anchored, and an open alternative stays together" has ${p}_regex.yml "'^(?:/opt/[a-z]+/bin|/srv/x)\$'"
expect "an expression that is open at both ends is searched for" has ${p}_regex_open.yml "'/\\.[a-z]'"
expect "an expression without regard to case says so" has ${p}_regex_any_case.yml "Image|re|i:"
expect "a backslash stands twice" has ${p}_backslash.yml "'/opt/a\\\\b'"
expect "a backslash before a wildcard is no escape" has ${p}_backslash_end.yml "Image|startswith: '/opt/a\\\\'"
expect "a star that is meant is an expression" has ${p}_star.yml "'^/opt/5\\*3\\?\$'"
expect "a star that is meant beside a wildcard too" has ${p}_star_and_wildcard.yml "'^/opt/\\*/[\\s\\S]*/x\$'"
expect "a number is written without quotes" has ${p}_number_text.yml "- 5"
expect "what YAML takes for another number is an expression" has ${p}_number_zeroes.yml "Image|re: '^010\$'"
expect "what YAML takes for a word of its own is in quotes" has ${p}_number_zeroes.yml "- 'yes'"
expect "what YAML takes for a date is in quotes" has ${p}_number_zeroes.yml "- '2026-11-01'"
expect "contains is never asked of a number" has ${p}_number_part.yml "Image|re: '2375'"
expect "numbers are compared as such" has ${p}_number.yml "ParentProcessId|gte: 1000"
expect "texts that must all be there are one item" has ${p}_contains_all.yml "Image|contains|all:"
expect "all has more than one value" lacks ${p}_contains_any_all.yml "|all"
expect "wildcards at the ends are modifiers" has ${p}_wildcards.yml "Image|endswith: '/x'"
expect "wildcards inside stay" has ${p}_wildcards.yml "- '/d/*/e/'"
expect "nothing begins or ends with a wildcard" lacks ${p}_wildcards.yml "'*"
expect "a field that is there" has ${p}_there.yml "CurrentDirectory|exists: true"
expect "a field that is not there" has ${p}_not_there.yml "CurrentDirectory|exists: false"
expect "anything is what is there" has ${p}_anything.yml "CurrentDirectory|exists: true"
expect "unequal asks that the field is there" has ${p}_unequal.yml "CurrentDirectory|exists: true"
expect "two fields are compared" has ${p}_two_fields.yml "Image|fieldref: ParentImage"
expect "no control characters" has ${p}_control.yml "a\\x09b"
expect "quotes of YAML" has ${p}_quotes.yml "'/it''s'"
expect "maps in a list are alternatives" has ${p}_lists_or.yml "        - Image: '/c'"
expect "not goes before and, and before or" has ${p}_precedence.yml "selection and (selection_2 or (selection_3 and not filter))"
expect "networks" has net_connection_lnx_values_cidr.yml "DestinationIp|cidr:"
expect "a list of keywords" has lnx_logsources_any_words.yml "- 'segfault'"
expect "keywords that must all be there" has lnx_sshd_logsources_words.yml "'|all':"
expect "a rule that always holds" has lnx_cron_logsources_nothing.yml "condition: selection or not selection"
expect "windash would match more: nobody asks for it" lacks ${p}_arguments.yml "windash"
expect "an argument may stand under each name that EXECVE has" has lnx_auditd_values_arguments.yml "a9: '--privileged'"
expect "the path of a socket is hex" has lnx_auditd_values_socket.yml "saddr|startswith"
expect "what else a record type cannot tell is left out" lacks lnx_auditd_values_arguments_not.yml "a0"
all=$(cat "$work"/packs/sigma/plain/rules/*.yml)
expect "no all of them, no 1 of" [ "$(grep -cE '(all|1|any) of ' <<<"$all")" = 0 ]
expect "nobody writes cased" [ "$(grep -c '|cased' <<<"$all")" = 0 ]
u=$work/packs/sigma/plain/rules/proc_creation_lnx_upstream_and_a_name_that_is_longer_than_what_pub.yml
line() { # text: stands as a line of the rule
	grep -qxF -e "$1" "$u"
}
expect "a title in title case, without Detects and final dot" line "title: 'A Mount of docker.sock from the Host'"
expect "a new rule is experimental" line "status: experimental"
expect "a technique that was revoked has its new name" line "    - 'attack.t1685'"
expect "a technique comes with its tactics" line "    - 'attack.defense-impairment'"
expect "no links to ATT&CK" [ "$(grep -c attack.mitre.org "$u")" = 0 ]
expect "permalinks only" [ "$(grep -c "^    - 'https://github.com" "$u")" = 1 ]
expect "false positives begin with a capital, and None is none" line "    - 'Backup software'"
expect "file names are 10 to 70 bytes long" [ -z "$(find "$work/packs" -name '*.yml' | sed 's|.*/||' | awk 'length < 10 || length > 70')" ]
expect "titles are there once" [ -z "$(sed -n 's/^title: //p' "$work"/packs/sigma/plain/rules/*.yml | sort | uniq -d)" ]
expect "ids are there once" [ -z "$(sed -n 's/^id: //p' "$work"/packs/sigma/plain/rules/*.yml | sort | uniq -d)" ]
expect "every filter excludes" [ "$(grep -L 'condition: not ' "$work"/packs/sigma/acme/filters/*.yml)" = "" ]
rule() { # with --exact-case
	sed -n '/^detection:/,/^falsepositives:/p' "$work/packs/sigma/plain-exact-case/rules/$1"
}
expect "exact case: an expression that is anchored on the left" has ${p}_folded.yml "Image|re: '^/usr/bin/Xorg'"
expect "exact case: what does not regard case stays a text" has ${p}_any_case.yml "CurrentDirectory: '/Home'"
