// What is unfolded may be wider than its box. Then the keyboard must be able to
// reach it, to scroll it. The theme looks for such boxes when a page's elements
// or the window's size change, and not when something is unfolded: tell it so.

document.addEventListener("click", () => dispatchEvent(new Event("resize")));
