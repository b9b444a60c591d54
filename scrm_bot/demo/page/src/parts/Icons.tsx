// The page's own icons, drawn on a 20-unit grid.

const PATHS = {
  bolt: "M11 2 4 11h5l-1 7 7-9h-5z",
  hash: "M8 3 6.500 17M13.500 3 12 17M3.500 7.500h13M3 12.500h13",
  lock: "M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12.500 4.500 7 10l5.500 5.500",
  down: "M5.500 8l4.500 4.500L14.500 8",
  send: "M3.500 4l13.500 6-13.500 6 2-6zM5.500 10h5",
  plus: "M10 4v12M4 10h12",
  more: "M4.500 10h.01M10 10h.01M15.500 10h.01",
  reply: "M3 4.500h14v9H9l-4 3.500v-3.500H3z",
  menu: "M3 5.500h14M3 10h14M3 14.500h14",
  people: "M7.500 9.500a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600zM2.500 16.500c.3-3 2.200-4.500 5-4.500s4.700 1.500 5 4.500M13 4.200a2.600 2.600 0 0 1 0 5M14.500 12.200c1.800.6 2.800 2 3 4.300",
  sun: "M10 6.800a3.200 3.200 0 1 0 0 6.400 3.200 3.200 0 0 0 0-6.400zM10 2v2M10 16v2M2 10h2M16 10h2M4.300 4.300l1.400 1.400M14.300 14.300l1.400 1.400M4.300 15.700l1.400-1.400M14.300 5.700l1.400-1.400",
  moon: "M16.500 12A7 7 0 0 1 8 3.500a7 7 0 1 0 8.500 8.500z",
  eye: "M2 10c2-3.700 4.700-5.500 8-5.500s6 1.800 8 5.500c-2 3.700-4.700 5.500-8 5.500S4 13.700 2 10zM10 7.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
  file: "M5 2.500h6.500L15 6v11.500H5zM11.500 2.500V6H15",
  check: "M4 10.500l4 4 8-9",
  warn: "M10 3 2.500 16.500h15zM10 8v4M10 14.300h.01",
  help: "M10 2.500a7.500 7.500 0 1 0 0 15 7.500 7.500 0 0 0 0-15zM7.800 7.800c.2-1.300 1-2 2.300-2s2.200.8 2.200 2c0 1.500-2.200 1.700-2.200 3.400M10 14h.01",
  clip: "M14.500 9.500l-5 5a3 3 0 0 1-4.300-4.300l6-6a2 2 0 0 1 2.900 2.900l-5.700 5.700a1 1 0 0 1-1.400-1.400l4.800-4.800",
  calendar: "M3.500 5h13v11.500h-13zM3.500 8.500h13M7 3v3M13 3v3",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg class={`icon icon-${name}`} width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function AppMark({ size = 36 }: { size?: number }) {
  return (
    <svg class="avatar avatar-app" width={size} height={size} viewBox="0 0 36 36" aria-hidden="true" focusable="false">
      <rect width="36" height="36" rx="8" />
      <path d="M9 11h18v11H17l-5 5v-5H9z" fill="#fff" />
      <path d="M13 15.200h10M13 18.400h6" stroke="#146b5f" stroke-width="1.600" stroke-linecap="round" />
    </svg>
  );
}

const COLOURS = ["#8a4b9b", "#b3541e", "#2b6cb0", "#3f7d3a", "#a83a5b", "#5b5fc7", "#00798c", "#7a6220"];

function colourOf(id: string): string {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % 9973;
  return COLOURS[sum % COLOURS.length] ?? "#555";
}

const safeColour = (colour: string | undefined): string | null => (colour && /^#?[0-9a-f]{3,8}$/i.test(colour) ? `#${colour.replace("#", "")}` : null);

export function Avatar({ id, name, colour, size = 36 }: { id: string; name: string; colour?: string; size?: number }) {
  const initials = name
    .split(/\s+/)
    .map((word) => [...word][0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();
  const style = { width: `${size}px`, height: `${size}px`, fontSize: `${size * 0.4}px`, background: safeColour(colour) ?? colourOf(id) };
  return <span class="avatar" style={style} data-initials={initials} aria-hidden="true" />;
}

export const Spinner = () => <span class="spinner" aria-hidden="true" />;
