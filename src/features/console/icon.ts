/** What browsers ask for by themselves. */
export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b7a6f"/>' +
  '<path d="M8 20c0-7 3-12 8-12s8 5 8 12M12 24v-6M16 25v-8M20 24v-6" fill="none" stroke="#fff" stroke-width="2.4" ' +
  'stroke-linecap="round"/><circle cx="16" cy="12.5" r="1.6" fill="#fff"/></svg>'
