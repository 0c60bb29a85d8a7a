/** The page of the reference that sends requests, and what a browser may do there: talk to this gateway alone. */

export const tryItPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tentáculo Link: try it</title>
<link rel="icon" href="../favicon.ico">
</head>
<body>
<noscript><p>This page needs scripts; <a href="../docs">the reference</a> does not.</p></noscript>
<div id="reference"></div>
<script src="try/scalar.js"></script>
<script src="try/start.js"></script>
</body>
</html>
`

/** Scalar makes its style sheet while it runs, hence inline styles; scripts are files, and none is made from text. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const tryItHeaders = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-cache',
}
