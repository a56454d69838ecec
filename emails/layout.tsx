import { Body, Button, Container, Head, Heading, Hr, Html, Preview, Section, Text } from "react-email";
import type { MailView } from "@/emails/mail-view";

/** Programs that know dark mode get these; the others keep the light colours beside each element. */
const DARK = `@media (prefers-color-scheme: dark) {
  .page, .page > table > tbody > tr > td { background: #16181d !important; }
  .card { background: #21242b !important; border-color: #3a3f4a !important; }
  .ink { color: #f1f3f5 !important; }
  .faint { color: #aab1bc !important; }
  .line { border-color: #3a3f4a !important; }
  .button { background: #9db8ff !important; color: #10131a !important; }
}`;

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";
const INK = "#1c1f26";
const FAINT = "#5a6270";
const text = { color: INK, fontSize: 16, lineHeight: "24px", margin: "0 0 16px" };

interface LayoutProps {
  view: MailView;
}

/** One column that any mail program can show: no images, no fonts, nothing fetched. */
export function Layout({ view }: LayoutProps) {
  return (
    <Html lang={view.locale} dir="ltr">
      <Head>
        <title>{view.subject}</title>
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{DARK}</style>
      </Head>
      <Preview>{view.paragraphs[0] ?? view.heading}</Preview>
      <Body
        className="page"
        style={{ background: "#f4f5f7", fontFamily: FONT, margin: 0, padding: "24px 12px" }}
      >
        <Container
          className="card"
          style={{
            background: "#ffffff",
            border: "1px solid #dfe3e8",
            borderRadius: 12,
            maxWidth: 560,
            padding: 24,
          }}
        >
          <Heading
            as="h1"
            className="ink"
            style={{ color: INK, fontSize: 22, lineHeight: "28px", margin: "0 0 16px" }}
          >
            {view.heading}
          </Heading>
          {view.paragraphs.map((paragraph) => (
            <Text key={paragraph} className="ink" style={text}>
              {paragraph}
            </Text>
          ))}
          <Facts facts={view.facts} />
          {view.button === null ? null : (
            <Button
              href={view.button.href}
              className="button"
              style={{
                ...{ background: "#2947a9", borderRadius: 8, color: "#ffffff", display: "inline-block" },
                ...{
                  fontSize: 16,
                  fontWeight: 600,
                  marginTop: 8,
                  padding: "12px 20px",
                  textDecoration: "none",
                },
              }}
            >
              {view.button.label}
            </Button>
          )}
          <Hr className="line" style={{ borderColor: "#dfe3e8", margin: "24px 0 16px" }} />
          <Text className="faint" style={{ color: FAINT, fontSize: 13, lineHeight: "20px", margin: 0 }}>
            {view.footer}
          </Text>
        </Container>
      </Body>
    </Html>
  );
}

function Facts({ facts }: Pick<MailView, "facts">) {
  return (
    <Section>
      {facts.map(({ label, value }) => (
        <Text key={label} className="ink" style={{ ...text, margin: "0 0 12px" }}>
          <span
            className="faint"
            style={{ color: FAINT, display: "block", fontSize: 13, lineHeight: "20px" }}
          >
            {label}
          </span>
          {/* Lines of an address or of instructions stay lines. */}
          <span style={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>{value}</span>
        </Text>
      ))}
    </Section>
  );
}
