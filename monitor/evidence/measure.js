/* Finds one text on a page and returns what of it may be shown: boxes in pixels of the window.
   Shown is only what the program itself has kept of the text, and what stands in its block and is surely its author's.
   Runs in a world of its own, with the page's own scripts stopped. */
(subject) => {
  const BLOCK = 'article,[role="article"],[data-post],[data-post-id],[data-testid^="postThreadItem"],' +
    '[data-testid^="feedItem"],[data-testid="tweet"],.status,.detailed-status,ytd-comment-view-model';
  const NEAR = 4000;
  const squeeze = (text) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
  const block = (element) => element.closest(BLOCK) || element;

  const holders = (root, needle) => {
    const inside = [...root.children].filter((child) => squeeze(child.textContent).includes(needle));
    return inside.length ? inside.flatMap((child) => holders(child, needle)) : [root];
  };

  const isKeyed = (element) => {
    const written = (one) => [...one.attributes].some(({name, value}) => {
      if (!/^(href|data-post|data-permalink|cite|about)$/.test(name)) return false;
      const path = value.toLowerCase().split(/[?#]/)[0].replace(/\/+$/, '');
      return ('/' + path).endsWith(subject.path) || path.endsWith(subject.path);
    });
    return subject.path.length > 1 && (written(element) || [...element.querySelectorAll('*')].some(written));
  };

  const candidates = () => {
    const body = document.body;
    if (!body) return [];
    const needle = subject.needle;
    if (!needle) return [...new Set([...body.querySelectorAll(BLOCK)].filter(isKeyed))];
    if (!squeeze(body.textContent).includes(needle)) return [];
    return [...new Set(holders(body, needle).map(block))].filter((one) => one !== body && visible(one));
  };

  const visible = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== 'hidden' &&
      !element.closest('script,style,noscript,template');
  };

  const choose = () => {
    const found = candidates();
    const keyed = found.filter(isKeyed);
    const left = keyed.length ? keyed : subject.needle.length >= 20 ? found : [];
    const outer = left.filter((one) => !left.some((other) => other !== one && one.contains(other)));
    return outer.length === 1 ? outer[0] : null;
  };

  const own = (element, container) => block(element) === container || element === container ||
    (!element.closest(BLOCK) && container.contains(element));

  /* What is painted at a point must be the thing itself: not a banner above it, not a neighbour below a cut text. */
  const uncovered = (box, element) => [0.1, 0.5, 0.9].every((part) => {
    const top = document.elementFromPoint(box.x + box.width * part, box.y + box.height / 2);
    return top !== null && (element.contains(top) || top.contains(element));
  });

  const cut = (rect) => {
    const x = Math.max(0, rect.left), y = Math.max(0, rect.top);
    return {x, y, width: Math.min(innerWidth, rect.right) - x, height: Math.min(innerHeight, rect.bottom) - y};
  };

  const boxes = [];
  const show = (rects, element) => {
    for (const rect of rects) {
      const box = cut(rect);
      if (box.width > 1 && box.height > 1 && uncovered(box, element)) boxes.push(box);
    }
  };

  const letters = (container) => {
    const walker = document.createTreeWalker(container, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!parent || !own(parent, container) || parent.closest('script,style,noscript,template')) continue;
      for (let at = 0; at < node.length; ) {
        const whole = String.fromCodePoint(node.data.codePointAt(at));
        for (const letter of squeeze(whole)) found.push({letter, node, at, end: at + whole.length});
        at += whole.length;
      }
    }
    return found;
  };

  const showWords = (container) => {
    const line = letters(container), text = line.map((one) => one.letter).join('');
    const start = text.indexOf(subject.needle);
    if (!subject.needle || start < 0) return !subject.needle;
    const spans = [[start, start + subject.needle.length]];
    const middle = subject.pieces.indexOf(subject.needle);
    let from = start + subject.needle.length;
    for (const piece of subject.pieces.slice(middle + 1)) {
      const at = text.indexOf(piece, from);
      if (at < 0 || at > from + NEAR) continue;
      spans.push([at, from = at + piece.length]);
    }
    let until = start;
    for (const piece of subject.pieces.slice(0, middle).reverse()) {
      const at = until >= piece.length ? text.lastIndexOf(piece, until - piece.length) : -1;
      if (at < 0 || at < until - NEAR) continue;
      spans.push([at, at + piece.length]);
      until = at;
    }
    for (const [first, last] of spans) showRun(line.slice(first, last));
    return true;
  };

  const showRun = (run) => {
    for (let first = 0; first < run.length; ) {
      let last = first;
      while (last + 1 < run.length && run[last + 1].node === run[first].node) last += 1;
      const range = document.createRange();
      range.setStart(run[first].node, run[first].at);
      range.setEnd(run[last].node, run[last].end);
      show(range.getClientRects(), run[first].node.parentElement);
      first = last + 1;
    }
  };

  const isAuthor = (link) => {
    try {
      const name = decodeURIComponent(new URL(link.href).pathname).replace(/\/+$/, '').split('/').pop();
      return subject.names.includes(name.replace(/^@/, '').toLowerCase());
    } catch { return false; }
  };

  const showSurroundings = (container) => {
    const inside = [...container.querySelectorAll('*')].filter((one) => own(one, container));
    for (const one of inside) {
      if (one.matches('time')) show(one.getClientRects(), one);
      if (!subject.names.length) continue;
      if (one.matches('a[href]') && isAuthor(one)) {
        show(one.getClientRects(), one);
        for (const picture of one.querySelectorAll('img')) show(picture.getClientRects(), picture);
      }
      const box = one.getBoundingClientRect();
      const painted = one.matches('img,video,canvas') || getComputedStyle(one).backgroundImage.startsWith('url(');
      const bare = !one.children.length && !one.textContent.trim();
      if (painted && bare && box.width >= 120 && box.height >= 80) show([box], one);
    }
  };

  const container = choose();
  const words = container !== null && showWords(container);
  if (words) showSurroundings(container);
  const root = document.documentElement;
  const rect = container !== null ? container.getBoundingClientRect() : null;
  return {
    found: words && (boxes.length > 0),
    boxes: boxes.map((box) => [box.x, box.y, box.width, box.height].map(Math.round)),
    top: rect !== null ? rect.top + scrollY : null,
    bottom: rect !== null ? rect.bottom + scrollY : null,
    height: root.scrollHeight > innerHeight ? root.scrollHeight : root.offsetHeight,
    password: [...document.querySelectorAll('input[type="password"]')].some(visible),
  };
}
