// A real editor backend (npm yaml-language-server, over LSP on standard input and output) with the schemas of `mews schema`:
// completion gives our keys and words, hovering gives our sentences, wrong files get diagnostics, shipped ones get none.
//
// usage: node editors.js SERVER SCHEMAS ROOT
'use strict';
const {spawn} = require('child_process');
const fs = require('fs');
const path = require('path');
const {pathToFileURL} = require('url');

const [server, schemas, root] = process.argv.slice(2);
let passed = 0, failed = 0, next = 1, buffer = Buffer.alloc(0);
const waiting = new Map(), diagnostics = new Map();
const child = spawn(process.execPath, [server, '--stdio'], {stdio: ['pipe', 'pipe', 'ignore']});

const places = {detection: 'detections', organization: 'organizations', dialect: 'dialects', corpus: 'corpora', project: 'projects'};
const settings = {yaml: {validate: true, hover: true, completion: true, schemaStore: {enable: false}, schemas: {}}};
for (const kind of Object.keys(places))
	settings.yaml.schemas[pathToFileURL(path.join(schemas, kind + '.json')).href] = `${places[kind]}/*.yaml`;

function expect(name, good, detail) {
	if (good)
		return passed++;
	failed++;
	console.log(`FAILED: ${name}\n    ${JSON.stringify(detail).slice(0, 600)}`);
}

function send(message) {
	const body = Buffer.from(JSON.stringify({jsonrpc: '2.0', ...message}));
	child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
	child.stdin.write(body);
}

function ask(method, params) {
	return new Promise((resolve) => {
		const id = next++;
		waiting.set(id, resolve);
		send({id, method, params});
	});
}

function take(message) {
	if (message.method === 'textDocument/publishDiagnostics')
		diagnostics.set(message.params.uri, message.params.diagnostics);
	if (message.id === undefined)
		return;
	if (message.method === 'workspace/configuration')
		send({id: message.id, result: message.params.items.map((item) => settings[item.section] ?? null)});
	else if (message.method !== undefined)
		send({id: message.id, result: null});
	else if (waiting.has(message.id)) {
		waiting.get(message.id)(message.result ?? message.error);
		waiting.delete(message.id);
	}
}

child.stdout.on('data', (chunk) => {
	buffer = Buffer.concat([buffer, chunk]);
	for (;;) {
		const end = buffer.indexOf('\r\n\r\n');
		if (end < 0)
			return;
		const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, end).toString())[1]);
		if (buffer.length < end + 4 + length)
			return;
		const body = buffer.subarray(end + 4, end + 4 + length).toString();
		buffer = buffer.subarray(end + 4 + length);
		take(JSON.parse(body));
	}
});

async function open(kind, name, text) {
	const uri = pathToFileURL(path.join(root, places[kind], name)).href;
	diagnostics.delete(uri);
	send({method: 'textDocument/didOpen', params: {textDocument: {uri, languageId: 'yaml', version: 1, text}}});
	return uri;
}

async function found(uri) {
	for (let i = 0; i < 200 && !diagnostics.has(uri); i++)
		await new Promise((resolve) => setTimeout(resolve, 50));
	return diagnostics.get(uri);
}

// The text with a `|` where the cursor is.
async function at(kind, name, marked, method) {
	const before = marked.slice(0, marked.indexOf('¦'));
	const uri = await open(kind, name, marked.replace('¦', ''));
	const line = before.split('\n').length - 1;
	return ask(method, {textDocument: {uri}, position: {line, character: before.length - before.lastIndexOf('\n') - 1}});
}

async function labels(kind, name, marked) {
	const list = await at(kind, name, marked, 'textDocument/completion');
	return (list.items ?? list).map((item) => item.label);
}

const head = 'id: 7c1f9a52-1b60-4c1e-9d5e-52a2f8f6f0a1\nname: a\ntitle: A\nstatus: test\nseverity: high\n';

async function completion() {
	let got = await labels('detection', 'c1.yaml', 'id: x\n¦');
	expect('keys of a detection', ['severity', 'techniques', 'conditions', 'tests'].every((key) => got.includes(key)), got);
	got = await labels('detection', 'c2.yaml', 'severity: ¦');
	expect('severities', ['informational', 'low', 'medium', 'high', 'critical'].every((word) => got.includes(word)), got);
	got = await labels('detection', 'c3.yaml', `${head}conditions: {a: process where true}\ntests:\n  - name: x\n    event:\n      event.category: process\n      ¦`);
	expect('fields of a test event', ['process.name', 'container.mounts', 'event.action'].every((key) => got.includes(key)), got);
	got = await labels('detection', 'c4.yaml', `${head}conditions: {a: process where true}\ntests:\n  - name: x\n    event:\n      event.category: container\n      event.action: ¦`);
	expect('actions of the category', got.includes('create') && !got.includes('ptrace'), got);
	got = await labels('organization', 'c5.yaml', 'name: a\nexceptions:\n  - name: b\n    detections:\n      - ¦');
	expect('detections in an exception', got.includes('docker-socket-mount'), got);
	got = await labels('organization', 'c6.yaml', 'name: a\nexceptions:\n  - ¦');
	expect('keys, or a snippet, of a new exception', got.some((label) => label === 'new' || label === 'name'), got);
	got = await labels('corpus', 'c7.yaml', 'name: a\nformat: ¦');
	expect('formats', got.includes('auditd') && got.includes('kubernetes'), got);
	got = await labels('dialect', 'c8.yaml', 'name: a\ngroups:\n  - name: b\n    fields:\n      process.name: {name: x, shape: ¦}');
	expect('shapes', got.includes('basename'), got);
	got = await labels('project', 'c9.yaml', 'catalog: rulesets\ngates:\n  ¦');
	expect('gates', got.includes('minimum_recall') && got.includes('lost_episodes'), got);
}

async function hover() {
	const says = async (kind, name, marked) => JSON.stringify((await at(kind, name, marked, 'textDocument/hover'))?.contents ?? '');
	let text = await says('detection', 'h1.yaml', `sever¦ity: high\n`);
	expect('hovering over a key', text.includes('How grave an alert is') && text.includes('critical'), text);
	text = await says('detection', 'h2.yaml', `${head}tests:\n  - name: x\n    event: {event.category: process, process.na¦me: x}\n`);
	expect('hovering over a field', text.length > 10 && text.includes('keyword'), text);
	text = await says('organization', 'h3.yaml', 'monitor:\n  minimum_sev¦erity: low\n');
	expect('hovering over an organization\'s key', text.includes('makes no alert here'), text);
}

async function wrong() {
	const messages = async (kind, name, text) => (await found(await open(kind, name, text)))?.map((d) => `${d.range.start.line + 1}: ${d.message}`);
	let got = await messages('detection', 'w1.yaml', `${head}severty: low\n`);
	expect('an unknown key, and one that is missing', got?.some((m) => m.startsWith('6: ') && m.includes('severty')) && got.some((m) => m.includes('conditions')), got);
	got = await messages('detection', 'w2.yaml', head.replace('high', 'severe') + 'conditions: {a: process where true}\ntests: []\n');
	expect('a word that is none', got?.some((m) => m.startsWith('5: ') && m.includes('informational')), got);
	got = await messages('organization', 'w3.yaml', 'name: a\nbudget: {alert_groups_per_day: many}\n');
	expect('a number that is none', got?.length > 0 && got.some((m) => m.startsWith('2: ')), got);
	for (const [kind, file] of [['detection', 'rulesets/detections/docker-socket-mount.yaml'], ['organization', 'rulesets/organizations/observability.yaml'],
		['dialect', 'rulesets/dialects/auditd.yaml'], ['dialect', 'rulesets/dialects/laurel.yaml'], ['corpus', 'corpus/everyday-develop/corpus.yaml'], ['project', 'mews.yaml']]) {
		got = await messages(kind, 's-' + path.basename(file), fs.readFileSync(file, 'utf8'));
		got = got?.filter((message) => !message.includes('Unused anchor'));
		expect(`${file} has no fault`, got !== undefined && got.length === 0, got);
	}
}

(async () => {
	await ask('initialize', {processId: process.pid, rootUri: pathToFileURL(root).href, workspaceFolders: [{uri: pathToFileURL(root).href, name: 'test'}],
		capabilities: {workspace: {configuration: true, workspaceFolders: true}, textDocument: {completion: {completionItem: {snippetSupport: true}}, hover: {contentFormat: ['markdown']}}}});
	send({method: 'initialized', params: {}});
	send({method: 'workspace/didChangeConfiguration', params: {settings}});
	await new Promise((resolve) => setTimeout(resolve, 500));
	await completion();
	await hover();
	await wrong();
	console.log(`${passed} passed, ${failed} failed`);
	child.kill();
	process.exit(0);
})();
setTimeout(() => { console.log('the server did not answer in time'); child.kill(); process.exit(1); }, 60000).unref();
