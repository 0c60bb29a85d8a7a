/** Chooses one of a few languages by Accept-Language (RFC 9110 §12.5.4): the highest weight, by the primary subtag. */

export function preferredLanguage<const Language extends string>(
  header: string | undefined,
  offered: readonly [Language, ...Language[]],
): Language {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => rangeOf(part))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  for (const { primary } of wanted) {
    const found = offered.find((language) => language === primary)
    if (found) return found
  }
  return offered[0]
}

function rangeOf(part: string): { primary: string; weight: number } {
  const [range = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase())
  const given = parameters.find((each) => each.startsWith('q='))?.slice(2)
  const weight = given === undefined ? 1 : Number(given)
  return { primary: range.split('-')[0] ?? '', weight: weight >= 0 && weight <= 1 ? weight : 0 }
}
