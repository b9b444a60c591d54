// Made by build.mjs from emojibase-data.
declare module "emoji-table" {
  const table: Record<string, string>;
  export default table;
}
