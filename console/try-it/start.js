/** Starts the reference with "try it" on its page; nothing is loaded from, or sent to, another origin. */
window.Scalar.createApiReference('#reference', {
  url: new URL('../openapi.json', location.href).href,
  servers: [{ url: new URL('..', location.href).href.replace(/\/$/, '') }],
  withDefaultFonts: false,
  telemetry: false,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  authentication: { preferredSecurityScheme: 'token' },
})
