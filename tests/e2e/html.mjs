/*
 * The HTML page in a browser: `node html.mjs CHROMIUM axe.min.js PROFILE PAGES SCREENSHOTS`. PAGES has *.html; report.html, beside.html
 * and large.html among them. Prints `ok NAME` and `not ok NAME: why` and ends with status 0; tests/e2e/html.sh counts them.
 * With a folder of SCREENSHOTS (may be empty) it leaves pictures for people there.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRequire } from 'node:module';

const [chromium, axeFile, profile, folder, pictures] = process.argv.slice(2);
const require = createRequire(join(axeFile, '../../..', 'x.js'));
const playwright = require('playwright-core');
const axe = readFileSync(axeFile, 'utf8');
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
	'--disable-component-update', '--disable-sync'];

function check(name, fine, why) {
	console.log(fine ? `ok ${name}` : `not ok ${name}: ${typeof why === 'string' ? why : JSON.stringify(why)}`);
}

/* A page, and what it asked for and complained of. */
async function open(context, file, events) {
	const page = await context.newPage();
	page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) events.push(message.text()); });
	page.on('pageerror', (error) => events.push(error.message));
	page.on('request', (request) => {
		if (!request.url().startsWith('file:') && !request.url().startsWith('data:'))
			events.push(`asks for ${request.url()}`);
	});
	await page.goto(`file://${join(folder, file)}`);
	return page;
}

/* axe runs in a world of its own: the page's policy allows its own script alone. */
async function accessible(context, page, name) {
	const session = await context.newCDPSession(page);
	const { frameTree } = await session.send('Page.getFrameTree');
	const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
	const run = async (expression) => {
		const answer = await session.send('Runtime.evaluate', { expression, contextId: executionContextId, awaitPromise: true,
			returnByValue: true });
		if (answer.exceptionDetails)
			throw new Error(JSON.stringify(answer.exceptionDetails));
		return answer.result.value;
	};
	await run(`${axe};true`);
	const found = await run('axe.run(document, {resultTypes: ["violations"]}).then((r) => JSON.stringify(r.violations.map((v) => ' +
		'({id: v.id, impact: v.impact, nodes: v.nodes.length, first: v.nodes[0].html.slice(0, 200), why: v.nodes[0].failureSummary}))))');
	const bad = JSON.parse(found);
	check(`${name}: axe finds nothing`, bad.length === 0, bad);
}

async function fits(page, name) {
	const size = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
	check(`${name}: no scrolling sideways`, size[0] <= size[1], size);
}

/* Each page as people may see it. axe takes seconds, and views differ in colours and widths alone: not every page in each. What may
 * be too wide is too wide in any colours, so that those with colours of their own (`only`) have pages with everything in them. */
const views = [
	{ name: 'light', width: 1440, colorScheme: 'light', scripts: true, axe: ['empty', 'hostile'] },
	{ name: 'dark', width: 1440, colorScheme: 'dark', scripts: true, axe: ['beside'], only: ['beside', 'report'] },
	{ name: 'narrow', width: 360, colorScheme: 'light', scripts: true, axe: ['report'] },
	{ name: 'narrow and dark', width: 360, colorScheme: 'dark', scripts: true, axe: ['long'], only: ['beside', 'long'] },
	{ name: 'without scripts', width: 1440, colorScheme: 'light', scripts: false, axe: [], only: ['beside', 'report'] },
	{ name: 'narrow, dark, without scripts', width: 360, colorScheme: 'dark', scripts: false, axe: [] },
];

async function looks(browser) {
	for (const view of views) {
		const context = await browser.newContext({ viewport: { width: view.width, height: 900 }, colorScheme: view.colorScheme,
			javaScriptEnabled: view.scripts, reducedMotion: 'reduce' });
		for (const file of readdirSync(folder).filter((name) => name.endsWith('.html')).sort()) {
			if ((view.only && !view.only.includes(file.replace('.html', ''))) || (file === 'large.html' && view.name !== 'narrow'))
				continue;
			const events = [], name = `${file}, ${view.name}`;
			const page = await open(context, file, events);
			await fits(page, name);
			if (view.axe.includes(file.replace('.html', '')))
				await accessible(context, page, name);
			if (pictures && ['report.html', 'beside.html'].includes(file))
				await page.screenshot({ path: join(pictures, `${name.replaceAll(/[^a-z]+/g, '-')}.png`) });
			check(`${name}: asks nobody and complains of nothing`, events.length === 0, events);
			await page.close();
		}
		await context.close();
	}
}

/* Where scripts are off, axe cannot run either: so the page's own script is taken out. */
async function scriptless(browser) {
	const page_file = 'report.without-script.html', whole = readFileSync(join(folder, 'report.html'), 'utf8');
	const bare = whole.replace(/<script>[\s\S]*<\/script>/, '');
	check('there is one script', bare.length < whole.length && !bare.includes('<script'), '');
	writeFileSync(join(folder, page_file), bare);
	const context = await browser.newContext({ viewport: { width: 360, height: 900 }, colorScheme: 'dark' });
	const page = await open(context, page_file, []);
	await accessible(context, page, 'report.html without its script');
	check('without scripts there are no tools that need one', await visible(page, '.tools, th button') === 0, '');
	check('all rows are there', await visible(page, '#figures tbody tr') === await page.locator('#figures tbody tr').count(), '');
	const rows = await page.locator('#figures tbody tr').count(), note = await page.textContent('[data-rest=figures]');
	await context.close();
	await packed(browser, rows, Number(/[\d,]+/.exec(note)[0].replaceAll(',', '')));
}

/* What is data without scripts are rows with them, of the same cells in the same columns, each with its own id. */
async function packed(browser, rows, more) {
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
	const page = await open(context, 'report.html', []);
	check('scripts make rows of the data', await page.locator('#figures tbody tr').count() === rows + more && more > 50, [rows, more]);
	check('and nobody is told that they are missing', await visible(page, '[data-rest]') === 0, '');
	const odd = await page.$$eval('#figures tbody tr', (all) => all.filter((row) => row.cells.length !== all[0].cells.length ||
		row.cells[0].tagName !== 'TH' || row.cells[0].scope !== 'row' || !/^r\d+\.\d+$/.test(row.id) || document.getElementById(row.id) !== row ||
		[...row.cells].some((cell) => !cell.textContent)).length);
	check('each with all cells, a head and an id', odd === 0, odd);
	const unlike = await page.$$eval('#figures tbody tr', (all) => {
		const shapes = (rows) => rows.flatMap((row) => [...row.querySelectorAll('svg')].map((bar) => bar.outerHTML.replaceAll(/\d+/g, '0')));
		const first = new Set(shapes(all.slice(0, 100)));
		return shapes(all.slice(-100)).filter((shape) => !first.has(shape));
	});
	check('and bars as in those that were there', unlike.length === 0, unlike);
	const name = await page.$eval('#figures tbody tr:last-child th', (head) => head.firstChild.data.trim());
	await page.fill('#words', name);
	check('they are filtered, too', await page.$eval('#figures tbody tr:last-child', (row) => row.checkVisibility()), name);
	check('and a line of a list with its name is shown', await visible(page, 'ul.filter li') > 0, name);
	check('and only such lines', (await page.$$eval('ul.filter li', (all) => all.filter((it) => it.checkVisibility()).map((it) => it.textContent)))
		.every((text) => text.includes(name)), name);
	await page.fill('#words', '');
	await context.close();
}

/* The first screen is the answer: what is to do in each organization. */
async function answers(browser) {
	for (const [file, width, height] of [['report.html', 1440, 900], ['beside.html', 360, 1200]]) {
		const context = await browser.newContext({ viewport: { width, height } });
		const page = await open(context, file, []);
		const seen = await page.$$eval('#steps tbody tr', (all, bottom) => all.filter((row) => row.getBoundingClientRect().bottom <= bottom).length, height);
		check(`${file}, ${width} wide: the first screen has organizations' next steps`, seen >= 1, seen);
		const steps = await page.$$eval('#steps tbody tr', (all) => all.map((row) => row.cells[row.cells.length - 1].textContent.trim()));
		check(`${file}: each organization has a step`, steps.length >= 3 && steps.every((text) => text.length > 3), steps);
		await context.close();
	}
}

/* What is folded is accessible, too. */
async function unfolded(browser) {
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
	for (const file of ['beside.html']) {
		const page = await open(context, file, []);
		await page.click('#open');
		check(`${file}: all details open`, await page.locator('details:not([open])').count() === 0, '');
		await accessible(context, page, `${file} unfolded`);
		await page.close();
	}
	await context.close();
}

const column = (page, at) => page.$$eval('#figures tbody tr', (rows, i) => rows.map((row) => row.cells[i].textContent.trim()), at);

async function sorts(page) {
	const heads = await page.$$eval('#figures thead th', (all) => all.map((head) => head.textContent));
	const at = heads.indexOf('FP'), button = page.locator('#figures thead th').nth(at).locator('button');
	const numbers = async () => (await column(page, at)).map((text) => Number(text.replaceAll(',', '')));
	await button.click();
	let got = await numbers();
	check('sorted downwards', got.every((n, i) => !i || got[i - 1] >= n), got);
	check('aria-sort says so', await page.locator('#figures thead th').nth(at).getAttribute('aria-sort') === 'descending', '');
	await button.press('Enter');
	got = await numbers();
	check('sorted upwards, by the keyboard', got.every((n, i) => !i || got[i - 1] <= n), got);
	check('one column is marked', await page.locator('#figures th[aria-sort]').count() === 1, '');
	await page.locator('#figures thead th button', { hasText: 'Severity' }).click();
	const order = ['informational', 'low', 'medium', 'high', 'critical'];
	const severities = (await column(page, 2)).map((text) => order.indexOf(text));
	check('severities by rank', severities.every((n, i) => !i || severities[i - 1] >= n), severities);
	await page.locator('#figures thead th button', { hasText: 'Recall' }).click();
	const shares = (await column(page, heads.indexOf('Recall'))).map((text) => {
		const of = /(\d+)\/(\d+)/.exec(text);
		return of ? of[1] / of[2] : -1;
	});
	check('rates by their value, unknown ones last', shares.every((n, i) => !i || shares[i - 1] >= n), shares);
}

const visible = (page, what) => page.$$eval(what, (all) => all.filter((it) => it.checkVisibility()).length);

async function filters(page) {
	const all = await visible(page, '#figures tbody tr');
	await page.fill('#words', 'some-detection-3-');
	const some = await visible(page, '#figures tbody tr');
	check('words filter', some === 3 && all === 30, [some, all]);
	check('and it is said how many are left', /^\d+ of \d+ rows$/.test(await page.textContent('output')), await page.textContent('output'));
	await page.press('#words', 'Escape');
	check('Escape shows all again', await visible(page, '#figures tbody tr') === all, '');
	await page.selectOption('#whose', '1');
	check('an organization filters', await visible(page, '#figures tbody tr') === 10, await visible(page, '#figures tbody tr'));
	check('…columns of the map, too', await visible(page, '#heat thead th') === 2, await visible(page, '#heat thead th'));
	await page.selectOption('#whose', '');
	await page.selectOption('#whose', '1');
	const ragged = await page.$$eval('#stretches tbody tr, #techniques tbody tr', (all) => all.filter((row) => {
		const heads = [...row.closest('table').tHead.rows[0].cells].filter((head) => !head.hidden).length;
		return [...row.cells].filter((cell) => !cell.hidden).reduce((sum, cell) => sum + cell.colSpan, 0) !== heads;
	}).length);
	check('…also under cells that all organizations share', ragged === 0, ragged);
	await page.selectOption('#whose', '');
	check('all columns are back', await visible(page, '#heat thead th') === 4, '');
	const episodes = await visible(page, '#stretches tbody tr');
	await page.check('#only');
	check('what needs attention', await visible(page, '#stretches tbody tr') < episodes, episodes);
	await page.uncheck('#only');
	await page.fill('#words', 'below severity');
	check('what is folded opens where it fits', await visible(page, '#change-alerts tbody tr') > 0, '');
	await page.fill('#words', '');
	check('and closes again', await visible(page, '#change-alerts tbody tr') === 0, '');
}

async function walks(page) {
	await page.keyboard.press('Tab');
	check('the first stop skips to the summary', await page.evaluate(() => document.activeElement.className) === 'skip', '');
	check('and is seen', await page.evaluate(() => document.activeElement.getBoundingClientRect().left >= 0), '');
	await page.keyboard.press('Enter');
	check('it leads there', page.url().endsWith('#summary'), page.url());
	await page.keyboard.press('/');
	check('a slash leads to the filter', await page.evaluate(() => document.activeElement.id) === 'words', '');
	const seen = new Set();
	for (let i = 0; i < 60; i++) {
		await page.keyboard.press('Tab');
		seen.add(await page.evaluate(() => {
			const it = document.activeElement, style = getComputedStyle(it);
			return `${it.tagName}${style.outlineStyle === 'none' || style.outlineWidth === '0px' ? ' unseen' : ''}`;
		}));
	}
	check('tables, buttons, links and details are reached', ['SECTION', 'BUTTON', 'A', 'SUMMARY'].every((tag) => seen.has(tag)), [...seen]);
	check('and the focus is seen on each', ![...seen].some((name) => name.includes('unseen')), [...seen]);
	await page.evaluate(() => { location.hash = '#change-alerts'; });
	await page.waitForFunction(() => document.getElementById('change-alerts').closest('details').open);
	check('a link into something folded opens it', true, '');
	const target = await page.locator('#heat td a').first().getAttribute('href');
	check('the map leads to figures', await page.locator(`[id="${target.slice(1)}"]`).count() === 1, target);
	const missing = await page.$$eval('a[href^="#"]', (all) => all.map((a) => a.getAttribute('href').slice(1))
		.filter((id) => !document.getElementById(id)));
	check('every link inside leads somewhere', missing.length === 0, missing);
}

async function switches(browser) {
	const context = await browser.newContext({ colorScheme: 'light', viewport: { width: 1440, height: 900 } });
	const events = [], page = await open(context, 'beside.html', events);
	const shade = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const light = await shade();
	await page.selectOption('#theme', 'dark');
	check('colours switch', await shade() !== light, light);
	await page.selectOption('#theme', 'auto');
	check('and back', await shade() === light, '');
	await page.close();
	await context.addInitScript(() => Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } }));
	const other = await open(context, 'beside.html', events);
	await other.selectOption('#theme', 'dark');
	check('…also where storage is forbidden', await other.evaluate(() => document.documentElement.dataset.theme) === 'dark', '');
	check('without complaint', events.length === 0, events);
	await context.close();
}

async function copies(browser) {
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
	const page = await open(context, 'beside.html', []);
	await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', {
		value: { writeText: (text) => { window.copied = text; return Promise.resolve(); } } }));
	await page.locator('.card button').first().click();
	await page.waitForFunction(() => window.copied !== undefined);
	const copied = await page.evaluate(() => window.copied);
	check('YAML is copied', copied.startsWith('  - name: builds-mount-0-x\n    detections: [some-detection-0-x]\n'), copied);
	await context.close();
}

async function prints(browser) {
	for (const javaScriptEnabled of [true, false]) {
		const context = await browser.newContext({ colorScheme: 'dark', javaScriptEnabled });
		const page = await open(context, 'report.html', []);
		await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
		const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true, path: pictures ? join(pictures, 'report.pdf') : undefined });
		const pages = (pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g) || []).length;
		check(`printed${javaScriptEnabled ? '' : ' without scripts'}: pages`, pages >= 5 && pages < 60, pages);
		const view = await page.evaluate(() => ({
			ink: getComputedStyle(document.body).backgroundColor,
			nav: getComputedStyle(document.querySelector('nav')).display,
			cut: [...document.querySelectorAll('.scroll')].filter((it) => getComputedStyle(it).overflowX !== 'visible').length,
			folded: [...document.querySelectorAll('details.fold > *:not(summary)')].filter((it) => !it.checkVisibility()).length,
		}));
		check('paper is white, without navigation, tables are not cut, nothing is folded',
			view.ink === 'rgb(255, 255, 255)' && view.nav === 'none' && view.cut === 0 && view.folded === 0, view);
		/* A4 on its side without its margins, at 96 dots an inch */
		await page.setViewportSize({ width: 1030, height: 1000 });
		const over = await page.evaluate(() => [...document.querySelectorAll('table,svg,pre')]
			.filter((it) => it.checkVisibility() && it.getBoundingClientRect().right > 1031).map((it) => `${it.tagName} ${it.id} ` +
			Math.round(it.getBoundingClientRect().right)));
		/* rows beyond a table's first are not on paper */
		const heads = await page.$$eval('thead th', (all) => all.filter((it) => it.checkVisibility() && !it.innerText.trim()).length);
		const thin = await page.$$eval('tbody th', (all) => all.filter((it) => it.checkVisibility() && it.getBoundingClientRect().width < 60).length);
		check('columns have their heads, and names stand in lines', heads === 0 && thin === 0, [heads, thin]);
		check('nothing is wider than the paper', over.length === 0, over);
		await context.close();
	}
}

async function used(browser) {
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
	const events = [];
	for (const part of [sorts, filters, walks])
		await part(await open(context, 'beside.html', events));
	check('nothing was complained of', events.length === 0, events);
	await context.close();
}

const browser = await playwright.chromium.launch({ executablePath: chromium, args: [...flags, `--disk-cache-dir=${profile}`] });
try {
	for (const part of [looks, scriptless, answers, unfolded, used, switches, copies, prints])
		await part(browser);
} finally {
	await browser.close();
}
