// What hangs below a message: files, and attachments of the older kind.
import type { Attachment, SlackFile } from "../api/types";
import { Blocks } from "../blocks/Blocks";
import { sizeOf } from "../blocks/FileInput";
import { Link, Mrkdwn } from "../text/Mrkdwn";
import { Icon } from "../parts/Icons";

function File({ file }: { file: SlackFile }) {
  const title = file.title || file.name;
  if (file.mimetype.startsWith("image/")) {
    return (
      <figure class="file-image">
        <figcaption dir="auto">{title}</figcaption>
        <a href={file.url_private} target="_blank" rel="noopener"><img src={file.url_private} alt={file.alt_txt ?? title} /></a>
      </figure>
    );
  }
  return (
    <a class="file-card" href={file.url_private} target="_blank" rel="noopener">
      <Icon name="file" size={24} />
      <span><strong dir="auto">{title}</strong><span class="quiet">{sizeOf(file.size)}</span></span>
    </a>
  );
}

export function Files({ files = [] }: { files?: SlackFile[] }) {
  if (files.length === 0) return null;
  return <div class="files">{files.map((file) => <File key={file.id} file={file} />)}</div>;
}

function colourOf(colour: string | undefined): string | undefined {
  const named: Record<string, string> = { good: "#2e9e6b", warning: "#d9a032", danger: "#d6455d" };
  if (!colour) return undefined;
  return named[colour] ?? (/^#?[0-9a-f]{6}$/i.test(colour) ? `#${colour.replace("#", "")}` : undefined);
}

function One({ attachment }: { attachment: Attachment }) {
  const { pretext, title, title_link, text, blocks, fields = [], footer, fallback, image_url } = attachment;
  const bare = !title && !text && !blocks?.length && !image_url && fields.length === 0;
  return (
    <>
      {pretext && <Mrkdwn text={pretext} />}
      <div class="attachment" style={{ borderColor: colourOf(attachment.color) }}>
        {title && <p class="attachment-title" dir="auto">{title_link ? <Link url={title_link}>{title}</Link> : title}</p>}
        {text && <Mrkdwn text={text} />}
        {blocks && <Blocks blocks={blocks} />}
        {fields.length > 0 && (
          <div class="section-fields">
            {fields.map((field, index) => <div key={index}><strong>{field.title}</strong><Mrkdwn text={field.value ?? ""} /></div>)}
          </div>
        )}
        {image_url && <img class="picture" src={image_url} alt="" referrerpolicy="no-referrer" />}
        {bare && fallback && <Mrkdwn text={fallback} />}
        {footer && <p class="quiet">{footer}</p>}
      </div>
    </>
  );
}

export function Attachments({ attachments = [] }: { attachments?: Attachment[] }) {
  return <>{attachments.map((attachment, index) => <One key={index} attachment={attachment} />)}</>;
}
