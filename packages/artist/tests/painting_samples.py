"""Small drawings the painting tests use, so that they do not change when a figure is redrawn."""

FACE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000">
<path d="M300 330 L270 110 C340 130 400 200 430 270Z" fill="#d9803f"/>
<path d="M700 330 L730 110 C660 130 600 200 570 270Z" fill="#d9803f"/>
<path d="M260 400 C260 250 400 200 500 200 C600 200 740 250 740 400 C760 520 640 620 500 640 C360 620 240 520 260 400Z"
 fill="#e08a45"/>
<path d="M230 450 C300 420 400 440 440 500 C470 560 490 600 500 640 C400 640 260 560 230 450Z" fill="#f8efe2"/>
<circle cx="390" cy="410" r="26" fill="#2b2320"/>
<circle cx="399" cy="401" r="8" fill="#ffffff"/>
<ellipse cx="335" cy="490" rx="38" ry="24" fill="#ef9a8c" opacity="0.55"/>
<path d="M460 590 Q500 620 540 590" fill="none" stroke="#2f2624" stroke-width="8" stroke-linecap="round"/>
</svg>"""

SPRIG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000"><g fill="#6f9377">
<path d="M490 980 L500 60 L510 980Z"/>
<path d="M500 700 C600 560 760 560 820 600 C760 720 620 760 500 700Z"/>
<path d="M500 500 C400 360 240 360 180 400 C240 520 380 560 500 500Z" fill="#8aa66a"/>
</g></svg>"""
