// Which pictures of a page glare in dark mode, for test_pages.py.
async () => {
  const theme = document.documentElement.dataset.theme;
  const images = [
    ...document.querySelectorAll(".cell_output img, figure img"),
  ].filter((image) => image.checkVisibility());
  const isChart = (image) => image.matches('.chart, [src$=".svg"]');
  const style = (image) => getComputedStyle(image);

  // A line of pixels along the top or the bottom, all of it white: a ground.
  const hasGround = async (image) => {
    image.loading = "eager";
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const canvas = Object.assign(document.createElement("canvas"), {
      width,
      height,
    });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    return [1, height - 2].some((row) =>
      context
        .getImageData(0, row, width, 1)
        .data.every((value) => value > 245),
    );
  };

  const white = [];
  for (const image of images) {
    const { padding, backgroundColor } = style(image);
    const framed = padding != "0px" || !/, 0\)$/.test(backgroundColor);
    if (framed || (!isChart(image) && (await hasGround(image))))
      white.push(image.alt.slice(0, 60));
  }
  const turned = (image) =>
    style(image).filter.startsWith("invert(1)") &&
    style(image).mixBlendMode == "screen";
  return {
    theme,
    white,
    photographs: images
      .filter((image) => !isChart(image) && style(image).filter != "none")
      .map((image) => image.alt.slice(0, 60)),
    charts: images
      .filter((image) => isChart(image) && !turned(image))
      .map((image) => image.alt.slice(0, 60)),
  };
}
