// Code that is wider than its box must be reached by the keyboard, to be
// scrolled. The theme measures which is when a page has come, and again when
// the window's size changes. Letters that come later change it, too: tell it so.

document.fonts.ready.then(() => dispatchEvent(new Event("resize")));
