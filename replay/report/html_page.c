/* html_page: style, script, escaping and bars of a page (see html_page.h). */
#include "replay/report/html_page.h"
#include "replay/report/show.h"

#include <math.h>

static const char *const style[] = {
	":root{color-scheme:light dark;--bg:#fff;--fg:#1a1d21;--soft:#565d66;--line:#d5d9de;--panel:#f4f6f8;",
	"--bad:#8f1414;--bad-bg:#fbdcdc;--warn:#6b4300;--warn-bg:#fdebc4;--good:#0c5132;--good-bg:#d6f2e1;",
	"--risk:#3c3489;--risk-bg:#e6e3fb;--off-bg:#eceef1;--bar:#9db4d0;--mark:#123a6b;--link:#0b57a4}",
	"@media(prefers-color-scheme:dark){:root{--bg:#14171b;--fg:#e7eaee;--soft:#a9b1bb;--line:#39404a;--panel:#1d2228;",
	"--bad:#ffc2c2;--bad-bg:#551d1d;--warn:#ffdf9e;--warn-bg:#4a3508;--good:#b4efcd;--good-bg:#123f2a;",
	"--risk:#d9d4ff;--risk-bg:#332c6b;--off-bg:#262c33;--bar:#4b648a;--mark:#cfe2ff;--link:#8ec5ff}}",
	"*{box-sizing:border-box}body{margin:0 auto;max-width:90rem;padding:1rem;background:var(--bg);color:var(--fg);",
	"font:1rem/1.5 system-ui,sans-serif}h1{font-size:1.6rem;margin:.2rem 0}h2{margin:2.2rem 0 .5rem;font-size:1.25rem}",
	"h3{margin:1.4rem 0 .4rem;font-size:1.05rem}p{margin:.4rem 0;max-width:60rem}.soft{color:var(--soft)}",
	"a{color:var(--link)}nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;padding:0;margin:.6rem 0;list-style:none}",
	".scroll{overflow-x:auto}.scroll:focus-visible,button:focus-visible,a:focus-visible,input:focus-visible,",
	"summary:focus-visible{outline:2px solid var(--link);outline-offset:2px}",
	"table{border-collapse:collapse;font-size:.9rem;min-width:30rem}caption{text-align:left;color:var(--soft);padding:.2rem 0}",
	"th,td{padding:.3rem .55rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}",
	"thead th{background:var(--panel)}tbody th{font-weight:500}.r{white-space:nowrap}"
	"@media(min-width:60rem){tbody th{white-space:nowrap}}.n{text-align:right;font-variant-numeric:tabular-nums}",
	"td.wrap{min-width:16rem}th button{all:unset;cursor:pointer}th button::after{content:\" ↕\";color:var(--soft)}",
	"th[aria-sort=ascending] button::after{content:\" ↑\"}th[aria-sort=descending] button::after{content:\" ↓\"}",
	".bad{background:var(--bad-bg);color:var(--bad)}.warn{background:var(--warn-bg);color:var(--warn)}",
	".good{background:var(--good-bg);color:var(--good)}.risk{background:var(--risk-bg);color:var(--risk)}",
	".off{background:var(--off-bg);color:var(--soft)}.map td{text-align:center;border:1px solid var(--line)}",
	".key{display:flex;flex-wrap:wrap;gap:.4rem;margin:.4rem 0;padding:0;list-style:none}",
	".key li{padding:.1rem .5rem;border:1px solid var(--line);font-size:.85rem}",
	".bar{position:relative;display:block;width:7rem;height:.6rem;background:var(--panel);border:1px solid var(--line);"
	"margin-top:.15rem}",
	".bar i,.bar b{position:absolute;top:0;bottom:0}.bar i{background:var(--bar)}"
	".bar b{width:3px;margin-left:-1px;background:var(--mark)}",
	".hours{display:flex;align-items:flex-end;gap:1px;height:6rem;min-width:10rem;border-bottom:1px solid var(--line)}",
	".hours i{display:block;width:.7rem;background:var(--mark)}pre{white-space:pre-wrap;overflow-wrap:anywhere;",
	"background:var(--panel);padding:.5rem;font-size:.8rem;margin:.3rem 0}details{margin:.2rem 0}",
	".next{border-left:4px solid var(--link);padding:.4rem .8rem;background:var(--panel)}",
	"input[type=search]{font:inherit;padding:.3rem .5rem;border:1px solid var(--soft);background:var(--bg);color:var(--fg);",
	"width:min(22rem,100%)}@media print{nav,.tools{display:none}body{max-width:none;font-size:.8rem}",
	".scroll{overflow:visible}h2{break-after:avoid}tr{break-inside:avoid}",
	".bad,.warn,.good,.risk,.off,.bar i,.bar b,.hours i{print-color-adjust:exact;-webkit-print-color-adjust:exact}}",
	NULL};

static const char *const script[] = {
	"document.querySelectorAll('table.sort').forEach(function(t){var b=t.tBodies[0];",
	"t.querySelectorAll('thead th').forEach(function(h,i){var k=document.createElement('button');k.type='button';",
	"while(h.firstChild)k.appendChild(h.firstChild);h.appendChild(k);k.addEventListener('click',function(){",
	"var down=h.getAttribute('aria-sort')!=='descending';",
	"t.querySelectorAll('th[aria-sort]').forEach(function(o){o.removeAttribute('aria-sort')});",
	"h.setAttribute('aria-sort',down?'descending':'ascending');",
	"var v=function(r){var c=r.cells[i],d=c.getAttribute('data-v');return d===null?c.textContent:parseFloat(d)};",
	"Array.from(b.rows).sort(function(x,y){var p=v(x),q=v(y),s=p<q?-1:p>q?1:0;return down?-s:s})",
	".forEach(function(r){b.appendChild(r)})})})});",
	"var tools=document.querySelector('.tools');if(tools){tools.hidden=false;",
	"tools.querySelector('input').addEventListener('input',function(e){var w=e.target.value.toLowerCase();",
	"document.querySelectorAll('table.filter tbody tr').forEach(function(r){",
	"r.hidden=r.textContent.toLowerCase().indexOf(w)<0})})}",
	NULL};

static void put_all(FILE *out, const char *const *lines)
{
	for (size_t i = 0; lines[i]; i++)
		fputs(lines[i], out);
}

void html_head(FILE *out, const char *title)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>", out);
	html_string(out, title);
	fputs("</title>\n<style>", out);
	put_all(out, style);
	fputs("</style>\n</head>\n<body>\n", out);
}

void html_foot(FILE *out)
{
	fputs("<script>", out);
	put_all(out, script);
	fputs("</script>\n</body>\n</html>\n", out);
}

static const char *entity_of(char byte)
{
	switch (byte) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

void html_text(FILE *out, struct text text)
{
	for (size_t i = 0; i < text.length;) {
		unsigned char byte = (unsigned char)text.data[i];
		size_t step = utf8_step(text.data + i, text.length - i);
		const char *entity = entity_of(text.data[i]);
		bool control = (byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7f;
		if (entity)
			fputs(entity, out);
		else if (control || (byte >= 0x80 && step == 1))
			fputs("\xef\xbf\xbd", out);
		else
			fwrite(text.data + i, 1, step, out);
		i += step;
	}
}

void html_string(FILE *out, const char *string)
{
	html_text(out, text_of(string));
}

void html_cell(FILE *out, struct text text)
{
	fputs("<td>", out);
	html_text(out, text);
	fputs("</td>", out);
}

void html_number(FILE *out, uint64_t number, const char *shown, const char *class_name)
{
	fprintf(out, "<td class=\"n%s%s\" data-v=\"%llu\">", class_name ? " " : "", class_name ? class_name : "",
		(unsigned long long)number);
	html_string(out, shown);
	fputs("</td>", out);
}

/* Per cent of the bar's width. */
static double position(double share, enum bar_scale scale)
{
	double at = scale == BAR_LINEAR ? share : share > 0 ? (log10(share) + 5) / 5 : 0;
	return 100 * fmin(1, fmax(0, at));
}

void html_rate(FILE *out, struct arena *arena, const struct rate *rate, enum bar_scale scale)
{
	if (!rate->denominator) {
		fprintf(out, "<td class=\"n\" data-v=\"-1\"><span class=\"soft\">%s</span></td>", show_nothing);
		return;
	}
	const char *percent = show_percent(arena, rate->value), *interval = show_interval(arena, rate);
	double low = position(rate->low, scale), high = position(rate->high, scale);
	fprintf(out, "<td class=\"r\" data-v=\"%.9g\">%s <span class=\"soft\">(%s)</span>", rate->value, show_fraction(arena, rate),
		percent);
	fprintf(out, "<span class=\"bar\" role=\"img\" aria-label=\"%s, 95 %% interval %s\" title=\"95 %% interval %s\">"
		"<i style=\"left:%.1f%%;width:%.1f%%\"></i><b style=\"left:%.1f%%\"></b></span></td>", percent, interval, interval,
		low, high - low, position(rate->value, scale));
}
