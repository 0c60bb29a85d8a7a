/** The status page: whole without scripts, in the reader's language and colour scheme. */
import { html } from 'hono/html'
import { dayBars, dayText, percent, summary, swatches } from './days.ts'
import { availabilityOf, downCount, overallOf, type PublicService, type PublicStatus, shownDays } from './service.ts'
import { type PageLanguage, statusTexts } from './texts.ts'

export function statusPage({ at, services }: PublicStatus, language: PageLanguage): string {
  const texts = statusTexts[language]
  const overall = overallOf(services)
  const moment = new Date(at)
  const asOf = new Intl.DateTimeFormat(texts.locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  return String(html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${texts.title}: ${texts.overall[overall](downCount(services))}</title>
<link rel="stylesheet" href="status/status.css">
</head>
<body>
<main>
<header><h1>${texts.title}</h1> <a href="?lang=${texts.otherLanguage.code}" hreflang="${texts.otherLanguage.code}" lang="${texts.otherLanguage.code}">${texts.otherLanguage.name}</a></header>
<p class="overall ${overall}">${texts.overall[overall](downCount(services))}</p>
<p class="muted">${texts.asOf} <time datetime="${moment.toISOString()}">${asOf.format(moment)} UTC</time></p>
<h2>${texts.services}</h2>
<ul class="services">
${services.map((service) => row(service, language))}
</ul>
<p class="legend" aria-hidden="true">${swatches.map((look) => html`<span><i class="${look}"></i>${texts.legend[look]}</span>`)}</p>
<p class="muted">${texts.meaning}</p>
</main>
</body>
</html>
`)
}

function row(service: PublicService, language: PageLanguage) {
  const texts = statusTexts[language]
  const available = availabilityOf(service.days)
  return html`<li>
<div class="line"><h3>${service.name}</h3><span class="state ${service.state}">${texts.states[service.state]}</span></div>
${dayBars(service, language)}
<div class="line small muted"><span>${texts.ago(shownDays - 1)}</span><span title="${summary(service.days, language)}">${available === null ? texts.noValue : percent(available, language)}</span><span>${texts.today}</span></div>
${failures(service, language)}
</li>`
}

const listed = 10

/** The newest day in words, for readers without a pointer. */
function failures({ days }: PublicService, language: PageLanguage) {
  const failed = days
    .filter(({ broken }) => broken > 0)
    .slice(-listed)
    .reverse()
  if (failed.length === 0) return ''
  return html`<details><summary>${statusTexts[language].failures}</summary><ul>${failed.map((day) => html`<li>${dayText(day, language)}</li>`)}</ul></details>`
}
