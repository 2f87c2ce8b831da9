"""XMP, the captions of today: a packet of XML, taken apart safely.

A packet is kept as its owner wrote it: its prefixes and its properties in
name spaces that nobody here knows. What it says of stored bytes
(orientation, size, thumbnails) is removed when a photograph is read, because
it is no longer true.

Source: XMP specification parts 1 (data model) and 2 (properties).
"""

import re
from collections.abc import Sequence
from xml.dom import minidom
from xml.parsers import expat

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XMP = "http://ns.adobe.com/xap/1.0/"
_XMLNS = "http://www.w3.org/2000/xmlns/"
_XML = "http://www.w3.org/XML/1998/namespace"
_DC = "http://purl.org/dc/elements/1.1/"
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_TIFF = "http://ns.adobe.com/tiff/1.0/"
_EXIF = "http://ns.adobe.com/exif/1.0/"
_NOTE = "http://ns.adobe.com/xmp/note/"
_PREFIXES = {
    "dc": _DC,
    "photoshop": _PHOTOSHOP,
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
}
_LISTS = {
    "dc:title": "rdf:Alt",
    "dc:description": "rdf:Alt",
    "dc:rights": "rdf:Alt",
    "dc:creator": "rdf:Seq",
    "dc:subject": "rdf:Bag",
    "photoshop:SupplementalCategories": "rdf:Bag",
}
_DESCRIPTION = "dc:description"

# What tells of the file that was read. The last name spaces belong to
# pictures behind the first one: gain maps, depth, film.
_STORAGE = {
    _TIFF: ["Orientation", "ImageWidth", "ImageLength", "BitsPerSample"]
    + ["Compression", "PhotometricInterpretation", "SamplesPerPixel"]
    + ["PlanarConfiguration", "XResolution", "YResolution", "ResolutionUnit"],
    _EXIF: ["PixelXDimension", "PixelYDimension", "ColorSpace"],
    _PHOTOSHOP: ["ICCProfile", "ColorMode"],
    XMP: ["Thumbnails"],
    _DC: ["format"],
    _NOTE: ["HasExtendedXMP"],
    "http://ns.adobe.com/hdr-gain-map/1.0/": [],
    "http://ns.google.com/photos/1.0/container/": [],
    "http://ns.google.com/photos/1.0/camera/": [],
    "http://ns.google.com/photos/1.0/depthmap/": [],
    "http://ns.google.com/photos/1.0/image/": [],
}

# A packet beyond these was made to harm, or is larger than the photograph.
_MOST_BYTES = 2**24
_MOST_NODES = 200_000
_MOST_DEPTH = 100

_EMPTY = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    f'<rdf:RDF xmlns:rdf="{RDF}"/></x:xmpmeta>'
)
_HEAD = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_TAIL = '\n<?xpacket end="r"?>'
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Packet:
    """An XMP packet whose properties can be read, added and removed."""

    def __init__(self, data: bytes | None = None):
        """Take a packet apart; None makes an empty one.

        Raises:
            ValueError: if it is no XMP, or unreasonably large.
        """
        source = (data or _EMPTY.encode()).strip(b"\0 \r\n\t")
        _check(source)
        try:
            self._document = minidom.parseString(source)
        except (expat.ExpatError, ValueError) as error:
            raise ValueError(f"is damaged ({error})") from None
        roots = self._document.getElementsByTagNameNS(RDF, "RDF")
        if not roots:
            raise ValueError("is damaged (it has no rdf:RDF)")
        self._root = roots[0]
        self._own: minidom.Element | None = None

    def get(self, namespace: str, name: str) -> str | None:
        """The text of a simple property: an element or an attribute."""
        for about in self._abouts():
            if about.hasAttributeNS(namespace, name):
                return about.getAttributeNS(namespace, name)
            for element in _children(about, namespace, name):
                return _text_of(element)
        return None

    def set(self, prefix: str, namespace: str, name: str, value: str) -> None:
        """Replace a simple property."""
        self.remove(namespace, name)
        self._append(prefix, namespace, name).appendChild(self._text(value))

    def get_list(self, namespace: str, name: str) -> tuple[str, ...]:
        """The texts of an ordered list; empty if there is none."""
        return tuple(
            _text_of(item)
            for about in self._abouts()
            for element in _children(about, namespace, name)
            for item in element.getElementsByTagNameNS(RDF, "li")
        )

    def set_list(
        self, prefix: str, namespace: str, name: str, values: Sequence[str]
    ) -> None:
        """Replace an ordered list; one of nothing is none."""
        self.remove(namespace, name)
        if not values:
            return
        items = self._document.createElementNS(RDF, "rdf:Seq")
        self._append(prefix, namespace, name).appendChild(items)
        for value in values:
            item = self._document.createElementNS(RDF, "rdf:li")
            items.appendChild(item).appendChild(self._text(value))

    def remove(self, namespace: str, name: str | None = None) -> bool:
        """Remove a property, or all of a name space; whether it was there."""
        found = False
        for about in self._abouts():
            for element in _children(about, namespace, name):
                about.removeChild(element)
                found = True
            for attribute in list(about.attributes.values()):
                if attribute.namespaceURI == namespace and (
                    name in (None, attribute.localName)
                ):
                    about.removeAttributeNode(attribute)
                    found = True
        return found

    def remove_storage(self) -> bool:
        """Remove what tells of stored bytes; whether there was any."""
        found = False
        for namespace, names in _STORAGE.items():
            wanted: list[str | None] = [*names] or [None]
            for name in wanted:
                found |= self.remove(namespace, name)
        return found

    def add(self, name: str, text: str) -> None:
        """Add a caption, unless the packet has it already.

        A list of values becomes longer. Where only one text is allowed and
        another is there, this one becomes a line of the description.

        Args:
            name: such as `dc:title`; without a prefix it is a word to put
                before the text in the description.
            text: of any length.
        """
        text = _NO_XML.sub("", text).strip()
        prefix, _, local = name.rpartition(":")
        namespace = _PREFIXES.get(prefix, "")
        found = self._find(prefix, namespace, local)
        if not text or (found is not None and text in _values(found)):
            return
        if not namespace:
            self._describe(f"{local}: {text}")
        elif found is None:
            element = self._append(prefix, namespace, local)
            self._fill(element, _LISTS.get(name), text)
        elif items := found.getElementsByTagNameNS(RDF, "li"):
            if name == _DESCRIPTION:
                self._lengthen(items[0], text)
            elif _LISTS.get(name) in ("rdf:Seq", "rdf:Bag"):
                item = self._document.createElementNS(RDF, items[0].tagName)
                item.appendChild(self._text(text))
                parent = items[0].parentNode
                assert parent is not None  # it was found below `found`
                parent.appendChild(item)
            else:
                self._describe(f"{local}: {text}")
        elif name == _DESCRIPTION:
            self._lengthen(found, text)
        else:
            self._describe(f"{local}: {text}")

    def join(self, other: "Packet") -> None:
        """Add the properties of another packet that this one lacks."""
        for about in other._abouts():
            copy = self._document.importNode(about, deep=True)
            for attribute in list(copy.attributes.values()):
                space, name = attribute.namespaceURI, attribute.localName
                if space not in (_XMLNS, RDF) and self._has(space, name):
                    copy.removeAttributeNode(attribute)
            for element in _children(copy):
                if self._has(element.namespaceURI, element.localName):
                    copy.removeChild(element)
            # Prefixes may be declared further up in the other one.
            _declare(copy, about)
            self._root.appendChild(copy)

    @property
    def is_empty(self) -> bool:
        """Whether it has no property."""
        return not any(
            _children(about)
            or any(
                attribute.namespaceURI not in (_XMLNS, RDF)
                for attribute in about.attributes.values()
            )
            for about in self._abouts()
        )

    def tobytes(self) -> bytes:
        """The packet as files carry it, in UTF-8."""
        whole = self._document.documentElement
        assert whole is not None  # `_root` is in it
        return (_HEAD + whole.toxml() + _TAIL).encode("utf-8", "replace")

    def _abouts(self) -> list[minidom.Element]:
        """The elements that hold properties."""
        return _children(self._root, RDF, "Description")

    def _has(self, namespace: str | None, name: str | None) -> bool:
        return name is not None and any(
            about.hasAttributeNS(namespace, name)
            or _children(about, namespace, name)
            for about in self._abouts()
        )

    def _find(
        self, prefix: str, namespace: str, name: str
    ) -> minidom.Element | None:
        """Find a property; an attribute is made an element first."""
        for about in self._abouts():
            for element in _children(about, namespace, name):
                return element
            attribute = about.getAttributeNodeNS(namespace, name)
            if attribute is not None:
                about.removeAttributeNode(attribute)
                element = self._append(prefix, namespace, name)
                element.appendChild(self._text(attribute.value))
                return element
        return None

    def _append(
        self, prefix: str, namespace: str, name: str
    ) -> minidom.Element:
        """Add an empty property to a description of our own."""
        document = self._document
        if self._own is None:
            abouts = self._abouts()
            about = abouts[0].getAttributeNS(RDF, "about") if abouts else ""
            self._own = document.createElementNS(RDF, "rdf:Description")
            self._own.setAttributeNS(_XMLNS, "xmlns:rdf", RDF)
            self._own.setAttributeNS(RDF, "rdf:about", about)
            self._root.appendChild(self._own)
        element = document.createElementNS(namespace, f"{prefix}:{name}")
        self._own.setAttributeNS(_XMLNS, f"xmlns:{prefix}", namespace)
        self._own.appendChild(element)
        return element

    def _fill(
        self, element: minidom.Element, kind: str | None, text: str
    ) -> None:
        """Put a text into a new property, inside a list of its kind."""
        if kind:
            items = self._document.createElementNS(RDF, kind)
            item = self._document.createElementNS(RDF, "rdf:li")
            if kind == "rdf:Alt":
                item.setAttributeNS(_XML, "xml:lang", "x-default")
            element.appendChild(items).appendChild(item)
            element = item
        element.appendChild(self._text(text))

    def _lengthen(self, element: minidom.Element, text: str) -> None:
        """Add a line."""
        line_break = "\n" if _text_of(element) else ""
        element.appendChild(self._text(line_break + text))

    def _describe(self, line: str) -> None:
        self.add(_DESCRIPTION, line)

    def _text(self, text: str) -> minidom.Text:
        return self._document.createTextNode(_NO_XML.sub("", text))


def _check(source: bytes) -> None:
    """Refuse XML that grows as it is read, or is unreasonably large."""
    if len(source) > _MOST_BYTES:
        raise ValueError(f"is too large ({len(source)} bytes)")
    depth = nodes = 0

    def start(_: str, attributes: list[str]) -> None:
        nonlocal depth, nodes
        depth += 1
        nodes += 1 + len(attributes) // 2
        if depth > _MOST_DEPTH or nodes > _MOST_NODES:
            raise ValueError(f"is too large (beyond {_MOST_NODES} nodes)")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_: object) -> None:
        raise ValueError("declares a document type, which XMP has not")

    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(source, True)
    except expat.ExpatError as error:
        raise ValueError(f"is damaged ({error})") from None


def _children(
    element: minidom.Element,
    namespace: str | None = None,
    name: str | None = None,
) -> list[minidom.Element]:
    """The elements inside an element, of a name space, of a name."""
    return [
        child
        for child in element.childNodes
        if child.nodeType == child.ELEMENT_NODE
        and namespace in (None, child.namespaceURI)
        and name in (None, child.localName)
    ]


def _text_of(element: minidom.Element) -> str:
    """The text right inside an element."""
    return "".join(
        child.data
        for child in element.childNodes
        if child.nodeType in (child.TEXT_NODE, child.CDATA_SECTION_NODE)
    )


def _values(element: minidom.Element) -> list[str]:
    """The lines of a property, and its values where it is a list."""
    items = element.getElementsByTagNameNS(RDF, "li") or [element]
    texts = [_text_of(item).strip() for item in items]
    return texts + [line for text in texts for line in text.split("\n")]


def _declare(copy: minidom.Element, element: minidom.Element) -> None:
    """Declare in a copy the prefixes that its original could use."""
    above = element.parentNode
    while above is not None and above.nodeType == above.ELEMENT_NODE:
        for attribute in above.attributes.values():
            if attribute.namespaceURI == _XMLNS and not copy.hasAttribute(
                attribute.name
            ):
                copy.setAttributeNS(_XMLNS, attribute.name, attribute.value)
        above = above.parentNode
