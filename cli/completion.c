/* completion: what a shell needs to complete words of mews command lines. */
#include "cli/complete.h"

#include <string.h>

/* The shells split words in their own ways; each script hands over the words up to the cursor, and shows what comes back. */
static const char bash_script[] =
	"# Completion of mews for bash, from `mews completion bash`. Words come from mews itself.\n"
	"_mews() {\n"
	"\tlocal words=() cur='' kind='' word line program=$1 i\n"
	"\t# bash splits at = and : as well; what stands together in the line is one word.\n"
	"\tlocal left=${COMP_LINE:0:COMP_POINT}\n"
	"\tfor ((i = 0; i <= COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif ((i > 0)) && [[ $left != [[:blank:]]* ]]; then\n"
	"\t\t\twords[${#words[@]} - 1]+=${left:0:${#word}}\n"
	"\t\telse\n"
	"\t\t\tleft=${left#\"${left%%[![:blank:]]*}\"}\n"
	"\t\t\twords+=(\"${left:0:${#word}}\")\n"
	"\t\tfi\n"
	"\t\tleft=${left:${#word}}\n"
	"\tdone\n"
	"\tcur=${words[${#words[@]} - 1]}\n"
	"\tlocal quote=${cur:0:1}\n"
	"\tcase $quote in [\\'\\\"]) cur=${cur:1} ;; *) quote='' cur=${cur//\\\\/} ;; esac\n"
	"\twords[${#words[@]} - 1]=$cur\n"
	"\t[[ $program != \\~/* ]] || program=$HOME/${program:2}\n"
	"\t# What stands before the last = or : is another word to bash, and not to be given back.\n"
	"\tlocal before=''\n"
	"\tif [[ -z $quote && $cur == *[=:]* && $COMP_WORDBREAKS == *[=:]* ]]; then\n"
	"\t\tbefore=${cur%\"${cur##*[=:]}\"}\n"
	"\tfi\n"
	"\tCOMPREPLY=()\n"
	"\twhile IFS= read -r line; do\n"
	"\t\tif [[ -z $kind ]]; then\n"
	"\t\t\tkind=$line\n"
	"\t\t\tcontinue\n"
	"\t\tfi\n"
	"\t\tword=${line%%$'\\t'*}\n"
	"\t\tword=${word#\"$before\"}\n"
	"\t\t[[ -n $quote ]] || printf -v word %q \"$word\"\n"
	"\t\tCOMPREPLY+=(\"$word\")\n"
	"\tdone < <(\"$program\" completion --words -- \"${words[@]:1}\" 2>/dev/null)\n"
	"\tcase $kind in\n"
	"\tfiles | folders)\n"
	"\t\t# Names of files get their quotes and slashes from bash, where nothing else is offered.\n"
	"\t\t((${#COMPREPLY[@]} > 0)) || compopt -o filenames 2>/dev/null\n"
	"\t\tlocal action=-f\n"
	"\t\t[[ $kind == files ]] || action=-d\n"
	"\t\twhile IFS= read -r line; do\n"
	"\t\t\tCOMPREPLY+=(\"$line\")\n"
	"\t\tdone < <(compgen $action -- \"${cur#\"$before\"}\")\n"
	"\t\t;;\n"
	"\tesac\n"
	"\tif [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]]; then compopt -o nospace 2>/dev/null; fi\n"
	"}\n"
	"complete -F _mews mews\n";

static const char zsh_script[] =
	"#compdef mews\n"
	"# Completion of mews for zsh, from `mews completion zsh`. Words come from mews itself.\n"
	"_mews() {\n"
	"\tlocal line kind word about program=${(Q)words[1]}\n"
	"\tlocal -a lines described\n"
	"\tlines=(\"${(@f)$(${~program} completion --words -- \"${(@Q)words[2,CURRENT]}\" 2>/dev/null)}\")\n"
	"\tkind=${lines[1]}\n"
	"\tfor line in \"${lines[@]:1}\"; do\n"
	"\t\tword=${line%%$'\\t'*}\n"
	"\t\tabout=\n"
	"\t\t[[ $line != *$'\\t'* ]] || about=${line#*$'\\t'}\n"
	"\t\tdescribed+=(\"${word//:/\\\\:}${about:+:$about}\")\n"
	"\tdone\n"
	"\t(( ${#described} == 0 )) || _describe -V mews described\n"
	"\tcase $kind in\n"
	"\tfiles) compset -P '--*='; _files ;;\n"
	"\tfolders) compset -P '--*='; _files -/ ;;\n"
	"\tesac\n"
	"}\n"
	"if [[ ${funcstack[1]-} == _mews ]]; then _mews \"$@\"; else compdef _mews mews; fi\n";

static const char fish_script[] =
	"# Completion of mews for fish, from `mews completion fish`. Words come from mews itself.\n"
	"function __mews_words\n"
	"\tset -l tokens (commandline -opc)\n"
	"\tset -l current (commandline -ct)\n"
	"\tset -l plain (string unescape -- $current; or echo $current)\n"
	"\tset -l lines ($tokens[1] completion --words -- $tokens[2..-1] $plain 2>/dev/null)\n"
	"\ttest (count $lines) -gt 0; or return\n"
	"\tprintf '%s\\n' $lines[2..-1]\n"
	"\tset -l part (string replace -r -- '^--[^=]*=' '' \"$current\")\n"
	"\tset -l before (string match -r -- '^--[^=]*=' $current; or echo '')\n"
	"\tswitch $lines[1]\n"
	"\t\tcase files\n"
	"\t\t\tprintf '%s\\n' $before(__fish_complete_path $part)\n"
	"\t\tcase folders\n"
	"\t\t\tprintf '%s\\n' $before(__fish_complete_directories $part '')\n"
	"\tend\n"
	"end\n"
	"complete -c mews -f -a '(__mews_words)'\n";

static const struct shell {
	const char *name, *script;
} shells[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};

static enum exit_status run(const struct global *global, const struct options *options)
{
	(void)global;
	if (options_has(options, "words")) {
		complete_words(options->operands, options->operand_count, stdout);
		return EXIT_FINE;
	}
	if (options_has(options, "unknown"))
		return complete_unknown(stdout) > 0 ? EXIT_FINDINGS : EXIT_FINE;
	if (options->operand_count != 1)
		return verb_wrong(&verb_completion, "name one shell: bash, zsh or fish");
	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
		if (strcmp(shells[i].name, options->operands[0]) == 0) {
			fputs(shells[i].script, stdout);
			return EXIT_FINE;
		}
	return verb_wrong(&verb_completion, "there is no completion for \"%s\": bash, zsh or fish", options->operands[0]);
}

static const struct option_spec options[] = {
	{"words", 'w', NULL, "for the scripts: what may stand in place of the last word of a command line"},
	{"unknown", 0, NULL, "for tests: arguments in the verbs' tables of which nothing is known"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_completion = {
	.group = GROUP_OTHER,
	.name = "completion",
	.usage = "bash|zsh|fish\n--words -- [WORD]…",
	.about = "Prints the completion script of a shell",
	.details = "Verbs, options and their values are completed: names of organizations, detections, datasets, episodes, runs, "
		   "targets, formats and files. The script asks mews itself, so that it fits the mews that is called and the catalog "
		   "that mews.yaml or --catalog names. `make install` puts the scripts where the shells look for them.",
	.examples = "  source <(mews completion bash)                        in this shell\n"
		    "  mews completion bash >~/.local/share/bash-completion/completions/mews\n"
		    "  mews completion zsh >~/.zfunc/_mews                   a folder of fpath\n"
		    "  mews completion fish >~/.config/fish/completions/mews.fish\n",
	.status = "0 fine, 2 wrong use",
	.options = options,
	.run = run,
};
