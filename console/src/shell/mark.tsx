/** The product's mark. */
export function Mark({ size = 40 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M8 20c0-7 3-12 8-12s8 5 8 12M12 24v-6M16 25v-8M20 24v-6" />
      <circle cx="16" cy="12.500" r="1.600" />
    </svg>
  )
}
