/* The answers of rich_test.c: who wrote it, HTML, plain text, what is wanted.
 */
{ "Outlook, bold",
	"<html xmlns:o=\"x\"><body><div class=WordSection1><p class=MsoNormal>Please <b>restart</b> it.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p class=MsoNormal><b>From:</b> Maria via IT &lt;support@example.com&gt;<br><b>Sent:</b> Tuesday, July 28, 2026 9:14 AM<br><b>To:</b> Ana<br><b>Subject:</b> [EX-1042] VPN</p></div></div><p class=MsoNormal>SECRETNOTE hello</p></div></body></html>",
	NULL,
	"<p>Please <b>restart</b> it.</p>\n"
	"" },
    { "Outlook, paragraphs",
	    "<html xmlns:o=\"x\"><body><div class=WordSection1><p class=MsoNormal>Hello,<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>one<o:p></o:p></p><p class=MsoNormal><i>two</i><o:p></o:p></p><div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p class=MsoNormal><b>From:</b> Maria via IT &lt;support@example.com&gt;<br><b>Sent:</b> Tuesday, July 28, 2026 9:14 AM<br><b>To:</b> Ana<br><b>Subject:</b> [EX-1042] VPN</p></div></div><p class=MsoNormal>SECRETNOTE hello</p></div></body></html>",
	    NULL,
	    "<p>Hello,</p>\n"
	    "<p>one<br>\n"
	    "<i>two</i></p>\n"
	    "" },
    { "Outlook, list",
	    "<html xmlns:o=\"x\"><body><div class=WordSection1><p class=MsoNormal>Do:<o:p></o:p></p><ol style=\"margin-top:0cm\" start=1 type=1><li class=MsoListParagraph>one<o:p></o:p></li><li class=MsoListParagraph>two<o:p></o:p></li></ol><div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p class=MsoNormal><b>From:</b> Maria via IT &lt;support@example.com&gt;<br><b>Sent:</b> Tuesday, July 28, 2026 9:14 AM<br><b>To:</b> Ana<br><b>Subject:</b> [EX-1042] VPN</p></div></div><p class=MsoNormal>SECRETNOTE hello</p></div></body></html>",
	    NULL,
	    "<p>Do:</p>\n"
	    "<ol>\n"
	    "<li>one</li>\n"
	    "<li>two</li>\n"
	    "</ol>\n"
	    "" },
    { "Outlook, old list",
	    "<html xmlns:o=\"x\"><body><div class=WordSection1><p class=MsoListParagraph><span style=\"font-family:Symbol\">&middot;<span style=\"font:7.0pt\">&nbsp;&nbsp; </span></span>one <b>two</b><o:p></o:p></p><div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p class=MsoNormal><b>From:</b> Maria via IT &lt;support@example.com&gt;<br><b>Sent:</b> Tuesday, July 28, 2026 9:14 AM<br><b>To:</b> Ana<br><b>Subject:</b> [EX-1042] VPN</p></div></div><p class=MsoNormal>SECRETNOTE hello</p></div></body></html>",
	    NULL, "<p>\xc2\xb7&nbsp;&nbsp;one <b>two</b></p>\n" },
    { "Outlook, table",
	    "<html xmlns:o=\"x\"><body><div class=WordSection1><p class=MsoNormal>See:</p><table class=MsoTableGrid><tr><td><p class=MsoNormal>a</p></td><td><p class=MsoNormal>b</p></td></tr></table><div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p class=MsoNormal><b>From:</b> Maria via IT &lt;support@example.com&gt;<br><b>Sent:</b> Tuesday, July 28, 2026 9:14 AM<br><b>To:</b> Ana<br><b>Subject:</b> [EX-1042] VPN</p></div></div><p class=MsoNormal>SECRETNOTE hello</p></div></body></html>",
	    NULL,
	    "<p>See:</p>\n"
	    "<table>\n"
	    "<tr>\n"
	    "<td>a</td>\n"
	    "<td>b</td>\n"
	    "</tr>\n"
	    "</table>\n"
	    "" },
    { "Outlook with text",
	    "<html xmlns:o=\"x\"><body><div class=WordSection1><p class=MsoNormal>See <a href=\"https://example.com/x\">the page</a>.</p><div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p class=MsoNormal><b>From:</b> Maria via IT &lt;support@example.com&gt;<br><b>Sent:</b> Tuesday, July 28, 2026 9:14 AM<br><b>To:</b> Ana<br><b>Subject:</b> [EX-1042] VPN</p></div></div><p class=MsoNormal>SECRETNOTE hello</p></div></body></html>",
	    "See the page<https://example.com/x>.\n"
	    "\n"
	    "From: Maria via IT <support@example.com>\n"
	    "Sent: Tuesday, July 28, 2026 9:14 AM\n"
	    "To: Ana\n"
	    "Subject: [EX-1042] VPN\n"
	    "\n"
	    "SECRETNOTE hello\n"
	    "",
	    "<p>See <a href=\"https://example.com/x\">the page</a>.</p>\n"
	    "" },
    { "Outlook, picture",
	    "<html xmlns:o=\"x\"><body><div class=WordSection1><p class=MsoNormal>See <img src=\"cid:image001.png@01DA.1\" alt=\"image001.png\"> there.</p><div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p class=MsoNormal><b>From:</b> Maria via IT &lt;support@example.com&gt;<br><b>Sent:</b> Tuesday, July 28, 2026 9:14 AM<br><b>To:</b> Ana<br><b>Subject:</b> [EX-1042] VPN</p></div></div><p class=MsoNormal>SECRETNOTE hello</p></div></body></html>",
	    "See [cid:image001.png@01DA.1] there.\n"
	    "\n"
	    "From: Maria via IT <support@example.com>\n"
	    "Sent: Tuesday, July 28, 2026 9:14 AM\n"
	    "To: Ana\n"
	    "Subject: [EX-1042] VPN\n"
	    "\n"
	    "SECRETNOTE hello\n"
	    "",
	    "<p>See <img src=\"cid:image001.png@01DA.1\"> there.</p>\n"
	    "" },
    { "Gmail, bold",
	    "<div dir=\"ltr\">Please <b>restart</b> it.</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Tue, 28 Jul 2026 at 09:14, Maria &lt;<a href=\"mailto:support@example.com\">support@example.com</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex\">SECRETNOTE <b>hello</b><br></blockquote></div>",
	    NULL,
	    "<p>Please <b>restart</b> it.</p>\n"
	    "" },
    { "Gmail with text",
	    "<div dir=\"ltr\">Please <b>restart</b> it.</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Tue, 28 Jul 2026 at 09:14, Maria &lt;<a href=\"mailto:support@example.com\">support@example.com</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex\">SECRETNOTE <b>hello</b><br></blockquote></div>",
	    "Please *restart* it.\n"
	    "\n"
	    "On Tue, 28 Jul 2026 at 09:14, Maria <support@example.com> wrote:\n"
	    "\n"
	    "> SECRETNOTE *hello*\n"
	    ">\n"
	    "",
	    "<p>Please <b>restart</b> it.</p>\n"
	    "" },
    { "Gmail, list",
	    "<div dir=\"ltr\">Do:<ul><li>one</li><li>two</li></ul></div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Tue, 28 Jul 2026 at 09:14, Maria &lt;<a href=\"mailto:support@example.com\">support@example.com</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex\">SECRETNOTE <b>hello</b><br></blockquote></div>",
	    "Do:\n"
	    "\n"
	    "   - one\n"
	    "   - two\n"
	    "\n"
	    "\n"
	    "On Tue, 28 Jul 2026 at 09:14, Maria <support@example.com> wrote:\n"
	    "\n"
	    "> SECRETNOTE *hello*\n"
	    ">\n"
	    "",
	    "<p>Do:</p>\n"
	    "<ul>\n"
	    "<li>one</li>\n"
	    "<li>two</li>\n"
	    "</ul>\n"
	    "" },
    { "Gmail, picture",
	    "<div dir=\"ltr\">Look:<div><img src=\"cid:ii_x\" alt=\"image.png\" width=\"10\"><br></div></div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Tue, 28 Jul 2026 at 09:14, Maria &lt;<a href=\"mailto:support@example.com\">support@example.com</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex\">SECRETNOTE <b>hello</b><br></blockquote></div>",
	    "Look:\n"
	    "[image: image.png]\n"
	    "\n"
	    "On Tue, 28 Jul 2026 at 09:14, Maria <support@example.com> wrote:\n"
	    "\n"
	    "> SECRETNOTE *hello*\n"
	    ">\n"
	    "",
	    "<p>Look:<br>\n"
	    "<img src=\"cid:ii_x\"></p>\n"
	    "" },
    { "Gmail, style",
	    "<div dir=\"ltr\"><span style=\"font-weight:700\">bold</span> <span style=\"text-decoration:line-through\">gone</span></div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Tue, 28 Jul 2026 at 09:14, Maria &lt;<a href=\"mailto:support@example.com\">support@example.com</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex\">SECRETNOTE <b>hello</b><br></blockquote></div>",
	    NULL,
	    "<p><b>bold</b> <s>gone</s></p>\n"
	    "" },
    { "Gmail, below",
	    "<div dir=\"ltr\"><div class=\"gmail_quote\"><div class=\"gmail_attr\">On Tue, 28 Jul 2026 at 09:14, Maria &lt;support@example.com&gt; wrote:<br></div><blockquote class=\"gmail_quote\">SECRETNOTE hello</blockquote></div><div>Please <b>restart</b> it.</div></div>",
	    NULL,
	    "<p>Please <b>restart</b> it.</p>\n"
	    "" },
    { "Apple Mail",
	    "<html><body style=\"word-wrap:break-word\">Please <b>restart</b> it.<br><div><blockquote type=\"cite\"><div>On 28 Jul 2026, at 09:14, Maria &lt;support@example.com&gt; wrote:</div><br><div>SECRETNOTE hello</div></blockquote></div></body></html>",
	    NULL,
	    "<p>Please <b>restart</b> it.</p>\n"
	    "" },
    { "Apple Mail, code",
	    "<body><div>Type:</div><pre>a  b\n"
	    "  c &lt;d&gt;</pre><br><div><blockquote type=\"cite\"><div>On 28 Jul 2026, at 09:14, Maria &lt;support@example.com&gt; wrote:</div><br><div>SECRETNOTE hello</div></blockquote></div></body>",
	    NULL,
	    "<p>Type:</p>\n"
	    "<pre>a  b\n"
	    "  c &lt;d&gt;</pre>\n"
	    "" },
    { "Apple Mail, nested",
	    "<body><ul><li>one<ul><li>in</li></ul></li><li>two</li></ul><br><div><blockquote type=\"cite\"><div>On 28 Jul 2026, at 09:14, Maria &lt;support@example.com&gt; wrote:</div><br><div>SECRETNOTE hello</div></blockquote></div></body>",
	    NULL,
	    "<ul>\n"
	    "<li>one<ul>\n"
	    "<li>in</li>\n"
	    "</ul>\n"
	    "</li>\n"
	    "<li>two</li>\n"
	    "</ul>\n"
	    "" },
    { "iOS",
	    "<html><body dir=\"auto\"><div>Please <b>restart</b> it.</div><br><div id=\"AppleMailSignature\" dir=\"ltr\">Sent from my iPhone</div><div dir=\"ltr\"><br><blockquote type=\"cite\">On 28 Jul 2026, at 09:14, Maria &lt;support@example.com&gt; wrote:<br><br></blockquote></div><blockquote type=\"cite\"><div dir=\"ltr\">SECRETNOTE hello</div></blockquote></body></html>",
	    NULL,
	    "<p>Please <b>restart</b> it.</p>\n"
	    "" },
    { "Thunderbird",
	    "<html><body><p>Please <b>restart</b> it.</p><div class=\"moz-cite-prefix\">On 28/07/2026 09:14, Maria wrote:<br></div><blockquote type=\"cite\" cite=\"mid:x@example.com\"><p>SECRETNOTE hello</p></blockquote></body></html>",
	    NULL,
	    "<p>Please <b>restart</b> it.</p>\n"
	    "" },
    { "Thunderbird, below",
	    "<html><body><div class=\"moz-cite-prefix\">On 28/07/2026 09:14, Maria wrote:<br></div><blockquote type=\"cite\" cite=\"mid:x@example.com\"><p>SECRETNOTE hello</p></blockquote><p>Please <b>restart</b> it.</p></body></html>",
	    NULL,
	    "<p>Please <b>restart</b> it.</p>\n"
	    "" },
    { "Thunderbird, short line",
	    "<html><body><div class=\"moz-cite-prefix\">On 28/07/2026 09:14, Maria wrote:<br></div><blockquote type=\"cite\"><p>Hello,</p><p>SECRETNOTE</p></blockquote><p>Hello,</p><p>it <b>is</b> so.</p></body></html>",
	    NULL,
	    "<p>Hello,</p>\n"
	    "<p>it <b>is</b> so.</p>\n"
	    "" },
    { "Thunderbird, links",
	    "<p>See <a href=\"https://example.com/x\" class=\"moz-txt-link-freetext\">https://example.com/x</a> or <a href=\"mailto:a@example.org\">write</a></p><div class=\"moz-cite-prefix\">On 28/07/2026 09:14, Maria wrote:<br></div><blockquote type=\"cite\" cite=\"mid:x@example.com\"><p>SECRETNOTE hello</p></blockquote>", NULL,
	    "<p>See <a href=\"https://example.com/x\">https://example.com/x</a> or <a href=\"mailto:a@example.org\">write</a></p>\n"
	    "" },
    { "Thunderbird, text",
	    "<p>Please <b>restart</b> <i>it</i> <u>now</u>.</p><div class=\"moz-cite-prefix\">On 28/07/2026 09:14, Maria wrote:<br></div><blockquote type=\"cite\" cite=\"mid:x@example.com\"><p>SECRETNOTE hello</p></blockquote>",
	    "Please *restart* /it/ _now_.\n"
	    "\n"
	    "On 28/07/2026 09:14, Maria wrote:\n"
	    "> SECRETNOTE hello\n"
	    "",
	    "<p>Please <b>restart</b> <i>it</i> <u>now</u>.</p>\n"
	    "" },
    { "OWA",
	    "<html><body dir=\"ltr\"><div class=\"elementToProof\">Please <b>restart</b> it.</div><div id=\"appendonsend\"></div><hr style=\"width:98%\"><div id=\"divRplyFwdMsg\" dir=\"ltr\"><b>From:</b> Maria &lt;support@example.com&gt;<br><b>Sent:</b> Tuesday, July 28, 2026 9:14 AM<br><b>To:</b> Ana &lt;ana@example.com&gt;<br><b>Subject:</b> VPN</div><div>SECRETNOTE hello</div></body></html>",
	    NULL,
	    "<p>Please <b>restart</b> it.</p>\n"
	    "" },
    { "OWA, lines",
	    "<html><body dir=\"ltr\"><div>One</div><div><br></div><div><i>two</i></div><div>three</div><div id=\"appendonsend\"></div><hr style=\"width:98%\"><div id=\"divRplyFwdMsg\" dir=\"ltr\"><b>From:</b> Maria &lt;support@example.com&gt;<br><b>Sent:</b> Tuesday, July 28, 2026 9:14 AM<br><b>To:</b> Ana &lt;ana@example.com&gt;<br><b>Subject:</b> VPN</div><div>SECRETNOTE hello</div></body></html>",
	    NULL,
	    "<p>One</p>\n"
	    "<p><i>two</i><br>\n"
	    "three</p>\n"
	    "" },
    { "Yahoo",
	    "<html><body><div class=\"ydp1\"><div>Please <b>restart</b> it.</div></div><div id=\"yahoo_quoted_1\" class=\"yahoo_quoted\"><div>On Tuesday, July 28, 2026, Maria &lt;support@example.com&gt; wrote:</div><div>SECRETNOTE hello</div></div></body></html>",
	    NULL,
	    "<p>Please <b>restart</b> it.</p>\n"
	    "" },
    { "no formatting",
	    "<div dir=\"ltr\">Please restart it.</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Tue, 28 Jul 2026 at 09:14, Maria &lt;<a href=\"mailto:support@example.com\">support@example.com</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex\">SECRETNOTE <b>hello</b><br></blockquote></div>",
	    NULL, NULL },
    { "only text beside", "<div>Other <b>words</b></div>", "Please restart it.",
	    NULL },
    { "layout table",
	    "<table><tr><td><p>Please <b>restart</b> it.</p></td></tr></table><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Tue, 28 Jul 2026 at 09:14, Maria &lt;<a href=\"mailto:support@example.com\">support@example.com</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex\">SECRETNOTE <b>hello</b><br></blockquote></div>",
	    NULL,
	    "<p>Please <b>restart</b> it.</p>\n"
	    "" },
    { "list from three",
	    "<ol start=\"3\"><li>three</li><li>four</li></ol><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Tue, 28 Jul 2026 at 09:14, Maria &lt;<a href=\"mailto:support@example.com\">support@example.com</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex\">SECRETNOTE <b>hello</b><br></blockquote></div>", NULL,
	    "<ol start=\"3\">\n"
	    "<li>three</li>\n"
	    "<li>four</li>\n"
	    "</ol>\n"
	    "" },
    { "heading",
	    "<h2>Steps</h2><p>one</p><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Tue, 28 Jul 2026 at 09:14, Maria &lt;<a href=\"mailto:support@example.com\">support@example.com</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex\">SECRETNOTE <b>hello</b><br></blockquote></div>",
	    NULL,
	    "<p><b>Steps</b></p>\n"
	    "<p>one</p>\n"
	    "" },
    { "code",
	    "<p>Type <code>a &amp; b</code></p><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Tue, 28 Jul 2026 at 09:14, Maria &lt;<a href=\"mailto:support@example.com\">support@example.com</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex\">SECRETNOTE <b>hello</b><br></blockquote></div>",
	    NULL,
	    "<p>Type <code>a &amp; b</code></p>\n"
	    "" },
    { "hidden",
	    "<p>Please <b>restart</b> it.<span style=\"display:none\">SECRETNOTE</span></p><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Tue, 28 Jul 2026 at 09:14, Maria &lt;<a href=\"mailto:support@example.com\">support@example.com</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex\">SECRETNOTE <b>hello</b><br></blockquote></div>",
	    NULL, NULL },
    { "between",
	    "<html><body><div class=\"moz-cite-prefix\">On 28/07/2026 09:14, Maria wrote:<br></div><blockquote type=\"cite\"><p>Which one?</p></blockquote><p>The <b>left</b> one.</p><blockquote type=\"cite\"><p>And when?</p></blockquote><p>Now.</p></body></html>",
	    NULL,
	    "<blockquote>\n<p>Which one?</p>\n</blockquote>\n<p>The <b>left</b> one.</p>\n<blockquote>\n<p>And when?</p>\n</blockquote>\n<p>Now.</p>\n" },
