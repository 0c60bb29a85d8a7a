/** Formatters by language and options, each made once: to make one costs more than a hundred uses of it. */
type Maker<Options, Formatter> = new (language: string, options: Options) => Formatter

function formatters<Options, Formatter>(Made: Maker<Options, Formatter>) {
  const made = new Map<string, Formatter>()
  return (language: string, options: Options): Formatter => {
    const key = `${language} ${JSON.stringify(options)}`
    const known = made.get(key)
    if (known) return known
    const formatter = new Made(language, options)
    made.set(key, formatter)
    return formatter
  }
}

export const numberFormat = formatters<Intl.NumberFormatOptions, Intl.NumberFormat>(Intl.NumberFormat)
export const timeFormat = formatters<Intl.DateTimeFormatOptions, Intl.DateTimeFormat>(Intl.DateTimeFormat)
export const agoFormat = formatters<Intl.RelativeTimeFormatOptions, Intl.RelativeTimeFormat>(Intl.RelativeTimeFormat)
