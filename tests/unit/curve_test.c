// SPDX-License-Identifier: EUPL-1.2
//
// The six curves: agreement, mapping and signatures against values that OpenSSL made, and every
// point a chip could lie with.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "drivers/document/ber.h"
#include "drivers/document/curve.h"

#include <string.h>

// Of one curve: a pair, a peer's point, what they agree, the generator that `nonce` maps to with
// them, the pair's signature over SHA-256 of "inloop", and the curve's own parameters (DER).
struct row {
    enum curve curve;
    const char *secret, *open, *peer, *shared, *nonce, *mapped, *r, *s, *parameters;
};

static const struct row rows[] = {
    {
        .curve = CURVE_P256,
        .secret = "0803a38c3c028e7ec993240d5bfc286d442428a7b8d14f299c9ab8cbd4a7b49c",
        .open =
            "0451234ed643b6c03f7ab5212559fa1ac08f72038c9839209d775a5e197121971483a25c8fbc3a930114a8"
            "9f66281afb336fcdfa9b5faa8fd37263b55e2ec3c3a4",
        .peer =
            "04fe64b68b65b5b4542df03e22b8d1e992c927bad079e94e1f2bbf00c0da9b91bf70d89fdabc5f1ca09d0c"
            "c7f3518cc1bed0bf0fb8128d39e6634eea7a6b3e1513",
        .shared = "9c8a911091ff4c860bf3ebf2e85a6788f6d3f74d5125213cd4a8c51fdea728bc",
        .nonce = "4b5eccd5c2eb201fc76e1fb533688a5b4e7accbc40bf0a3b44d5458f795be594",
        .mapped =
            "04d7bea2e0f06397fff6333195c6144857d1ab329a8e5ada198ab56a51e8719b684a053e2146df3eba0c9d"
            "0a1f65fc9d6b9d15a8048b3713f7826dcd5aabcc31cb",
        .r = "0f12da9251b4ec95902883e5b2549d0412f09c6ca92ee67933d6ff7005a9545d",
        .s = "1cc17ec7356d176f35e25a8f3bd10b3c545ebe6d708628f91892e8b3737064c1",
        .parameters =
            "3081f7020101302c06072a8648ce3d0101022100ffffffff00000001000000000000000000000000ffffff"
            "ffffffffffffffffff305b0420ffffffff00000001000000000000000000000000ffffffffffffffffffff"
            "fffc04205ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b031500c49d3608"
            "86e704936a6678e1139d26b7819f7e900441046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0"
            "f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5022100"
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551020101",
    },
    {
        .curve = CURVE_P384,
        .secret =
            "6dff7ddf6743e70103de1a6815b357cb71a6e451ee2b7346ada6ff4402890cdc17ac8941aadb4456a34d0b"
            "4e82903a47",
        .open =
            "047e7d6a155b20bf843e9b1c17ba32d1ac9a6a71754e899e746d35a3e2d656e5d6965ca27afb913acb6b27"
            "46ab6523c4cb7c3dd02dca0545debf363d46ee2e7a4c2ea6b5634a7b6c07b330a2f54fefcdc4cc8fbdbb97"
            "256ba855a31525739ea096",
        .peer =
            "049b3bcdadc5c55da9196df3126fc38850159e8046f9092b8f13ee4c72ff566d46b07e9218e30bc94b4f3a"
            "7a5d55d477502906cd3e8bd73b265844b55818ca2cfeeb71544214cad20399701cd430b18caa60ab83b954"
            "458f7faba0d590ebdd085c",
        .shared =
            "c38877ba7f7d20578c64431582454bfd08688e5ac6f5015f7ab40db4ce0aa9adfc0383b5f8cbbdc594452a"
            "5147b122ff",
        .nonce =
            "e5043916b92df20f987ee0d8c844157b05333ac68bc867b4d8716678bb83745b224ac4bfa15b82e9859335"
            "f6c9ed07d3",
        .mapped =
            "040320d6e5e4bb1c5bab01fca9a10c055859178d10ee20b483986ea44f1e24d271990a8b775d8696eba6ba"
            "86a0663358ba0b7d1c1b5ffe19265d55a0a86050473afb421a59d05ba6c7bb6e7364c55ef42f250612415d"
            "c8f78545a370a625e6a314",
        .r =
            "a3dc59c3f574bc4920e96d8538397f007ed695dba9abd688f380bda97890c7859f766518158efe6f0e0d7e"
            "6e058e7f65",
        .s =
            "2aa3a0f979a4fbd38053ee6894b7758456a9e4a379c562e7950f8841559984b286794ae5c2d1f5f2e53715"
            "33e8c6c0c3",
        .parameters =
            "30820157020101303c06072a8648ce3d0101023100ffffffffffffffffffffffffffffffffffffffffffff"
            "fffffffffffffffffffeffffffff0000000000000000ffffffff307b0430ffffffffffffffffffffffffff"
            "fffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffc0430b3312fa7e23e"
            "e7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef03"
            "1500a335926aa319a27a1d00896a6773a4827acdac73046104aa87ca22be8b05378eb1c71ef320ad746e1d"
            "3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab73617de4a96262c6f5d9e98bf92"
            "92dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f023100ffffffffff"
            "ffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"
            "020101",
    },
    {
        .curve = CURVE_P521,
        .secret =
            "000099a225c499feeddae922dd27d0b521e8d367ff1a51d23b66e209ce52677d02c2a6a06ac814e54395ff"
            "1534485e8adcbfb9d3f54cdff532e080dbef4f17cf7ea1",
        .open =
            "040106442ba3ba0da749e7f27d1b5925cf8ecd52945e6df1fe683b1d5092e4bd37036c37439f8c1cbeb26b"
            "796d0518ae170d179329036bccd759197c7fd400c7417b7e01dbdd2280c9de308f1b5dac2fbfad9edb3cee"
            "fd74505d7251a0b380c6eb70cfb201c19bcf30413a2cf1beb953ca1c8c85ad0c815698a5611aec69ac664d"
            "d5e368e8",
        .peer =
            "04004bb9d7396754b82bb73df633dbec4f3fb2a837ff1b02972b543930565e4ac974f2e3343b1e836a1263"
            "839949af0f1ba4c6265b3e6143ebc7dce6abce5befa2513e0196105bd9c6eff82522a1219f20968b5c383b"
            "4bbbe2c300d217d61220dc87bda5b035a8f40efbd9d19870c8c08906f6f5ce9cb35902607da4e0246bf2ad"
            "bd200f43",
        .shared =
            "01eacdd1e8ba0a42482d0476ac7ceb3b90ab065695f8617667a465f7f39d55c0b86849252b008c61da643c"
            "2e816b2959bc8293e7f7e2d2e999c35afe9beb99fb600e",
        .nonce =
            "44a60f80af352204801c77ae1f205eacdcfa52498446414f9e9976e34a021b924c16b0b3a31405144b874f"
            "819748e5811970a6f1315f1cdd2bb9a3eeabf68a62",
        .mapped =
            "0401ab5ccb86ebb66d5b0054cd1b715fb594514dd1561fcc2ee41378d204777daacc2b30832c89096eac34"
            "42723a110cc7d71450a385ba1a93db022187f0abca049cc5015937cd128b7d67dc43ca339311d44c83b9a7"
            "d5d6a7b5041c2d1b3fe4c0c899f54f67352ec55f80a3ed4d155ee41c90009b8593ea0e7b24da110d66be21"
            "78f57e85",
        .r =
            "259e7389f6db7657bb707774bca7f9391e9f68f6d01050f06607af4f2058db2d897c2ddaa2c79aa188e97a"
            "eb8be8af86bb7e149a94c621c2c59208e196459ee42a",
        .s =
            "01ce9543fa813365b9568cefd30d08bf125b1d93c63d847597478974a9ff3f0310ad860e9bdcb210d6785a"
            "14bd40277b70d105f436dfe710743a62eb414c3390b99c",
        .parameters =
            "308201c3020101304d06072a8648ce3d0101024201ffffffffffffffffffffffffffffffffffffffffffff"
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            "30819f044201ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffc04420051953eb9618e1c9a1f929a21"
            "a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c"
            "34f1ef451fd46b503f00031500d09e8800291cb85396cc6717393284aaa0da64ba0481850400c6858e06b7"
            "0404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8"
            "de3348b3c1856a429bf97e7e31c2e5bd66011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b4468"
            "17afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650024201"
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc"
            "0148f709a5d03bb5c9b8899c47aebb6fb71e91386409020101",
    },
    {
        .curve = CURVE_BRAINPOOL256,
        .secret = "2a6a26e6d9ff4d28c611c83ea1049e160ec15b9267b28944b93d41af4e0300ce",
        .open =
            "04a789597f1c05f299faf820c75510be241ff8173e9f9648de5f60e7ab1c056cd6931486d5355a53ebd8ab"
            "987420bf4be4c225371176122d5e5ea9fc5c50fbb6a6",
        .peer =
            "0469101921e8065dbf8bccb12e75ea548cdd66c384f7782bbac6a156180a56227744c19fb32da0ee0ecd31"
            "465c586d135bd38296928eab901cb9528b38d7aa2b4b",
        .shared = "a872b2a2b9da86a64651b2123d3d3e89cea03c4e64b5aa5aa565e2ea96c63302",
        .nonce = "b5d3f01f48567014f501ad4fbe8c5bb0f543e3fd65d923696ce9f4868766de5a",
        .mapped =
            "04a358299896798cfd5e195d459c3ca803f62becee229fb4da2491a5bc352747c01c0524c8475861336e7e"
            "c632db46650f76d0fc621eca0f2ff0750b400cd8e038",
        .r = "a12b5d1608127e674458192a7d71990fd6a65d0fdc83ad46ebad597ce125bec5",
        .s = "70cd2b3567e8ffacc4fcfbb4b2b111fb65abf610716cedb47281d16900d7289e",
        .parameters =
            "3081e0020101302c06072a8648ce3d0101022100a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620"
            "282013481d1f6e5377304404207d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330"
            "b5d9042026dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b60441048bd2aeb9"
            "cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262547ef835c3dac4fd97f8461a14611d"
            "c9c27745132ded8e545c1d54c72f046997022100a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6"
            "f7901e0e82974856a7020101",
    },
    {
        .curve = CURVE_BRAINPOOL384,
        .secret =
            "1542aef8bc50a45a5b23f9912b5b2dababc7835bea6726b731bf9bcf80ecbc18006d169c0e6f0e591760f6"
            "81edbbb6f8",
        .open =
            "041a35e15b619089fcf0779f3691fe13157f767bef9fdc604deca3478e538ea5e454c08db4104a2c37b5d0"
            "a11a97b3399e50bfdd1aed644f4e3a464af08ea71c485a1f262eef3f552cc1e914482de9222f03869ba4e9"
            "4ba96aec4d6f9ee554577a",
        .peer =
            "040b765f9342a03e7ad7c4520a652119b80db21ebf0e006602300d66edbb1d0fe9dc0a912f85d57e67347d"
            "cefeb2101ff24c91f19caf11d3549cf44b24cef85d0b07b9a5d7747d5f5674c3b8ac5350d9e473a3321559"
            "1fcfe46f2d390a8856db4b",
        .shared =
            "45005dac9bf065c28cf22cd881fd83de3b9b8ad74717fff2ef2357284281f50dfbc801d8285a5e74b5cfd8"
            "e6f035498b",
        .nonce =
            "a6f64589c6291f0a449a31d5b1b587c6f023c9be2c10fe48666f0448af9b55589eee58369f39c6e88e0820"
            "3736e6fab9",
        .mapped =
            "0414dfe7c5a901aba638141e00b9f25e68a45f4c48017180608eaae5742ac90ce81fd28cd49cb4e11ce373"
            "02608286a00f1ee7e88c02bc0abb2ef57512bbb71fc5015d0110a78c74b068a590505d63cffdf15694040b"
            "d221fadc6129ffc877bfd3",
        .r =
            "5125681e81d8d8081157c4d352dfa0e89713d11a42d7430057b9a5aa2c8990c2f803fbd4f874b1734798be"
            "fe20142123",
        .s =
            "82f7b4cf8be5a4b73c3620de1f037bd13717bbb49aef22752619357ac908490e9002bd9c9321ad127c67af"
            "0a2b36c9ec",
        .parameters =
            "30820140020101303c06072a8648ce3d01010231008cb91e82a3386d280f5d6f7e50e641df152f7109ed54"
            "56b412b1da197fb71123acd3a729901d1a71874700133107ec53306404307bc382c63d8c150c3c72080ace"
            "05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826043004a8c7dd22ce"
            "28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c1104"
            "61041d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef"
            "87b2e247d4af1e8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e464621"
            "7791811142820341263c53150231008cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6c"
            "ac0425a7cf3ab6af6b7fc3103b883202e9046565020101",
    },
    {
        .curve = CURVE_BRAINPOOL512,
        .secret =
            "0d8d3ac1e8641ebb52304d11a5891e939ab5fe005022f39a451af8e1af9f0e29c1db765b018716cba04cf4"
            "7409bef58ce72e9cfeff6f9b90c584bd5f7d93afaa",
        .open =
            "04aabd1a2a101e15affc1f869be1612b4c21edb70ae7eb8c8ce83660b7a984a3bceced63ad806666934e71"
            "9c70e9ee44f219ccbb4f741784c14408e7175ef5f1b155ddc0ab4b678a1117360b2dd2227510caaf1d1c66"
            "6f15a65756f4ff00cea47e24027eac517c6d200951dc5cd08eafeba49ab9fe5b03d99ccfb1a9955303644"
            "c",
        .peer =
            "04267a1cee41ecef06d7c4028c30e522386bcbea55024738889b7e166592d6cf0d3eae7d2844f1603ace83"
            "0219e8e3d15a6403f530c28017662ea9f0babbf2bab0a48120a36d35fd0fb1f89fdfa750d001565341180d"
            "f90eee4a70c6d2776d6b0c884ada6485c481b2fd9d5d9caf7a9a99fd14692a448d1035839770fb7ea1aac"
            "6",
        .shared =
            "2c909d2c5cedb82d454ce7d721d70d59077e71b6733a8217a021b18a6638015d5dbeb4ef99f4853b7f8f43"
            "5fb88b51da60fa360e31862c35be00c2ddfca64959",
        .nonce =
            "91ff1fbb95191bc36421d3f72cf50ff517635c7620a13082defe679d22247b082991070ff05d125880c16b"
            "cd1bdc5ca65c3122d934ba2ac57bb3649c695e4b3b",
        .mapped =
            "042cc40369f062823a3b8a45dc16400c5741eb965ebdca688594f606f41d532f7589490995178cb2074952"
            "bb2d5c8b79759dd8ebac7d17926576faac26985ade4f5ffb2589bc32c777901c15ef5b1c85904ce1a396ff"
            "b795cfc6a594c5642c55ecc5f408030b6be7aa2180fe20cba833ab407db1f287baf57389fb759f1786e8e"
            "2",
        .r =
            "4fbd5b4fb059dfa635687556bb461ed05ba27c9a7ca952604cafc0c5be2461407c931620ee6e5e83b994e5"
            "651bf4db5f1f2884e21248435fe3e246ac0c54a2b7",
        .s =
            "733e81fd462e25e1928e9875562913a93d7a4bc97fbb387d1898f99d68e4158e6a0898ab2861d836c8c0ce"
            "165248cbcf6d5b1203c6bd9ced0d8064ab9a79ff5a",
        .parameters =
            "308201a2020101304c06072a8648ce3d0101024100aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9"
            "d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f330"
            "818404407830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5aa8253a"
            "a10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94ca04403df91610a83441caea9863bc2ded5d5a"
            "a8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd"
            "638016f7230481810481aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b"
            "1f78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f8227dde385d566332ecc0eabfa9cf"
            "7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f05406"
            "78cd1e0f3ad80892024100aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870"
            "553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069020101",
    },
};

static const char hash_hex[] = "e8ac9973a6cea5261b94e04e8fd52a52400422916b33b4d47687938049a02bdf";

enum { ROWS = sizeof rows / sizeof rows[0] };

static size_t unhex(const char *text, uint8_t *out, size_t out_bytes)
{
    size_t len = 0;
    assert_int_equal(hex_decode(text, strlen(text), out, out_bytes, &len), OK);
    return len;
}

static struct curve_point make_point(const char *hex)
{
    struct curve_point point = {.len = 0};
    point.len = unhex(hex, point.bytes, sizeof point.bytes);
    return point;
}

static struct curve_pair_private make_pair(const struct row *row)
{
    struct curve_pair_private pair;
    uint8_t secret[CURVE_VALUE_BYTES];
    const size_t len = unhex(row->secret, secret, sizeof secret);
    assert_int_equal(curve_pair_of(row->curve, NULL, secret, len, &pair), OK);
    return pair;
}

static void expect_point(const struct curve_point *point, const char *hex)
{
    const struct curve_point expected = make_point(hex);
    assert_int_equal(point->len, expected.len);
    assert_memory_equal(point->bytes, expected.bytes, expected.len);
}

static void a_secret_gives_its_point(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        const struct curve_pair_private pair = make_pair(&rows[i]);

        expect_point(&pair.open, rows[i].open);
        assert_true(curve_has_point(rows[i].curve, &pair.open));
    }
}

static void both_sides_agree_on_what_openssl_agreed_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        const struct curve_pair_private pair = make_pair(&rows[i]);
        const struct curve_point peer = make_point(rows[i].peer);
        uint8_t shared[CURVE_VALUE_BYTES];
        uint8_t expected[CURVE_VALUE_BYTES];

        assert_int_equal(curve_agree(rows[i].curve, &pair, &peer, shared), OK);

        assert_int_equal(unhex(rows[i].shared, expected, sizeof expected),
                         curve_bytes(rows[i].curve));
        assert_memory_equal(shared, expected, curve_bytes(rows[i].curve));
    }
}

static void made_pairs_agree_on_a_mapped_generator_too(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        const struct curve_point base = make_point(rows[i].mapped);
        struct curve_pair_private one;
        struct curve_pair_private other;
        uint8_t ours[CURVE_VALUE_BYTES];
        uint8_t theirs[CURVE_VALUE_BYTES];
        assert_int_equal(curve_pair(rows[i].curve, &base, &one), OK);
        assert_int_equal(curve_pair(rows[i].curve, &base, &other), OK);

        assert_int_equal(curve_agree(rows[i].curve, &one, &other.open, ours), OK);
        assert_int_equal(curve_agree(rows[i].curve, &other, &one.open, theirs), OK);

        assert_memory_equal(ours, theirs, curve_bytes(rows[i].curve));
        assert_memory_not_equal(one.open.bytes, other.open.bytes, one.open.len);
    }
}

static void the_mapping_is_nonce_and_agreement_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        const struct curve_pair_private pair = make_pair(&rows[i]);
        const struct curve_point peer = make_point(rows[i].peer);
        uint8_t nonce[CURVE_VALUE_BYTES];
        const size_t nonce_len = unhex(rows[i].nonce, nonce, sizeof nonce);
        struct curve_point base;

        assert_int_equal(curve_map(rows[i].curve, &pair, &peer, nonce, nonce_len, &base), OK);

        expect_point(&base, rows[i].mapped);
    }
}

// nonce * G + 1 * peer, where the peer is -nonce * G: the same x, the other y.
static void a_mapping_to_infinity_is_refused(void **state)
{
    (void)state;
    static const uint8_t nonce[16] = {5};
    static const uint8_t one[1] = {1};
    struct curve_pair_private pair;
    struct curve_pair_private mirrored;
    struct curve_point base;
    uint8_t prime[32];
    assert_int_equal(
        unhex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", prime, 32), 32);
    assert_int_equal(curve_pair_of(CURVE_P256, NULL, one, 1, &pair), OK);
    assert_int_equal(curve_pair_of(CURVE_P256, NULL, nonce, sizeof nonce, &mirrored), OK);
    int borrow = 0;
    for (size_t i = 32; i > 0; i--) { // y = p - y
        const int byte = prime[i - 1] - mirrored.open.bytes[32 + i] - borrow;
        borrow = byte < 0;
        mirrored.open.bytes[32 + i] = (uint8_t)(byte + 256 * borrow);
    }
    assert_true(curve_has_point(CURVE_P256, &mirrored.open));

    assert_int_equal(curve_map(CURVE_P256, &pair, &mirrored.open, nonce, sizeof nonce, &base),
                     ERR_CRYPTO);
    assert_int_equal(base.len, 0);
}

static void a_nonce_of_nothing_is_refused(void **state)
{
    (void)state;
    static const uint8_t nonce[16] = {0};
    const struct curve_pair_private pair = make_pair(&rows[0]);
    const struct curve_point peer = make_point(rows[0].peer);
    struct curve_point base;

    assert_int_equal(curve_map(CURVE_P256, &pair, &peer, nonce, sizeof nonce, &base), ERR_CRYPTO);
}

static void points_that_are_none_are_refused_everywhere(void **state)
{
    (void)state;
    static const uint8_t nonce[16] = {5};
    for (size_t i = 0; i < ROWS; i++) {
        const struct curve_pair_private pair = make_pair(&rows[i]);
        const struct curve_point good = make_point(rows[i].peer);
        struct curve_point wrong[6];
        for (size_t j = 0; j < 6; j++) {
            wrong[j] = good;
        }
        wrong[0].bytes[wrong[0].len - 1] ^= 1; // beside the curve
        wrong[1].len = 1;                      // infinity
        wrong[1].bytes[0] = 0;
        wrong[2].len -= 1;                                  // cut
        wrong[3].bytes[0] = 0x06;                           // a hybrid form
        memset(wrong[4].bytes + 1, 0, wrong[4].len - 1);    // 0, 0
        memset(wrong[5].bytes + 1, 0xff, wrong[5].len - 1); // beyond the field
        for (size_t j = 0; j < 6; j++) {
            uint8_t shared[CURVE_VALUE_BYTES];
            struct curve_point base;
            struct curve_pair_private made;
            assert_false(curve_has_point(rows[i].curve, &wrong[j]));
            assert_int_equal(curve_agree(rows[i].curve, &pair, &wrong[j], shared), ERR_CRYPTO);
            assert_int_equal(curve_map(rows[i].curve, &pair, &wrong[j], nonce, sizeof nonce, &base),
                             ERR_CRYPTO);
            assert_int_equal(curve_pair(rows[i].curve, &wrong[j], &made), ERR_CRYPTO);
        }
    }
}

static void a_signature_holds_for_its_hash_and_key_only(void **state)
{
    (void)state;
    uint8_t hash[32];
    (void)unhex(hash_hex, hash, sizeof hash);
    for (size_t i = 0; i < ROWS; i++) {
        struct curve_point key = make_point(rows[i].open);
        const struct curve_point peer = make_point(rows[i].peer);
        uint8_t r[CURVE_VALUE_BYTES + 1];
        uint8_t s[CURVE_VALUE_BYTES + 1];
        const size_t r_len = unhex(rows[i].r, r, sizeof r);
        const size_t s_len = unhex(rows[i].s, s, sizeof s);
        const enum curve curve = rows[i].curve;

        assert_int_equal(curve_verify(curve, &key, hash, 32, r, r_len, s, s_len), OK);

        assert_int_equal(curve_verify(curve, &peer, hash, 32, r, r_len, s, s_len), ERR_CRYPTO);
        assert_int_equal(curve_verify(curve, &key, hash, 31, r, r_len, s, s_len), ERR_CRYPTO);
        assert_int_equal(curve_verify(curve, &key, hash, 32, s, s_len, r, r_len), ERR_CRYPTO);
        assert_int_equal(curve_verify(curve, &key, hash, 32, r, 0, s, 0), ERR_CRYPTO);
        assert_int_equal(curve_verify(curve, &key, hash, 32, r, sizeof r, s, s_len), ERR_CRYPTO);
        key.bytes[1] ^= 1;
        assert_int_equal(curve_verify(curve, &key, hash, 32, r, r_len, s, s_len), ERR_CRYPTO);
    }
}

static void strip(const uint8_t **bytes, size_t *len)
{
    while (*len > 0 && **bytes == 0) {
        *bytes += 1;
        *len -= 1;
    }
}

static struct curve_parameters read_parameters(const uint8_t *der, size_t len)
{
    struct curve_parameters read = {.p = NULL};
    struct bytes_in in;
    struct ber ber;
    bytes_in_init(&in, der, len);
    assert_true(ber_expect(&in, 0x30, &ber));
    struct bytes_in all = ber_inside(&ber);
    assert_true(ber_expect(&all, 0x02, &ber));
    assert_true(ber_expect(&all, 0x30, &ber));
    struct bytes_in field = ber_inside(&ber);
    assert_true(ber_expect(&field, 0x06, &ber));
    assert_true(ber_expect(&field, 0x02, &ber));
    assert_true(ber_magnitude(&ber, &read.p, &read.p_len));
    assert_true(ber_expect(&all, 0x30, &ber));
    struct bytes_in equation = ber_inside(&ber);
    assert_true(ber_expect(&equation, 0x04, &ber));
    read.a = ber.value;
    read.a_len = ber.len;
    assert_true(ber_expect(&equation, 0x04, &ber));
    read.b = ber.value;
    read.b_len = ber.len;
    strip(&read.a, &read.a_len);
    strip(&read.b, &read.b_len);
    assert_true(ber_expect(&all, 0x04, &ber));
    read.g = ber.value;
    read.g_len = ber.len;
    assert_true(ber_expect(&all, 0x02, &ber));
    assert_true(ber_magnitude(&ber, &read.n, &read.n_len));
    return read;
}

static void explicit_parameters_are_known_byte_for_byte_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        uint8_t der[600];
        enum curve curve = CURVES_COUNT;
        const size_t len = unhex(rows[i].parameters, der, sizeof der);
        const struct curve_parameters read = read_parameters(der, len);

        assert_int_equal(curve_from_parameters(&read, &curve), OK);
        assert_int_equal(curve, rows[i].curve);

        const uint8_t *const values[] = {read.p, read.a, read.b, read.g, read.n};
        const size_t lengths[] = {read.p_len, read.a_len, read.b_len, read.g_len, read.n_len};
        for (size_t j = 0; j < 5; j++) {
            uint8_t *last = der + (values[j] - der) + lengths[j] - 1;
            *last ^= 1;
            assert_int_equal(curve_from_parameters(&read, &curve), ERR_UNSUPPORTED);
            *last ^= 1;
        }
        struct curve_parameters cut = read;
        cut.b_len -= 1;
        assert_int_equal(curve_from_parameters(&cut, &curve), ERR_UNSUPPORTED);
        cut = read;
        cut.n_len = 0;
        assert_int_equal(curve_from_parameters(&cut, &curve), ERR_UNSUPPORTED);
    }
}

static void names_and_parameter_numbers_lead_to_their_curve(void **state)
{
    (void)state;
    static const uint8_t brainpool512[] = {0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0d};
    static const uint8_t secp256k1[] = {0x2b, 0x81, 0x04, 0x00, 0x0a};
    enum curve curve = CURVES_COUNT;

    assert_int_equal(curve_from_oid(brainpool512, sizeof brainpool512, &curve), OK);
    assert_int_equal(curve, CURVE_BRAINPOOL512);
    assert_int_equal(curve_from_oid(secp256k1, sizeof secp256k1, &curve), ERR_UNSUPPORTED);
    assert_int_equal(curve_from_parameter(13, &curve), OK);
    assert_int_equal(curve, CURVE_BRAINPOOL256);
    assert_int_equal(curve_from_parameter(18, &curve), OK);
    assert_int_equal(curve, CURVE_P521);
    assert_int_equal(curve_from_parameter(10, &curve), ERR_UNSUPPORTED);
    assert_int_equal(curve_from_parameter(14, &curve), ERR_UNSUPPORTED);
}

static void a_secret_outside_the_curves_order_is_refused(void **state)
{
    (void)state;
    static const uint8_t zero[32] = {0};
    uint8_t large[32];
    struct curve_pair_private pair;
    memset(large, 0xff, sizeof large);

    assert_int_equal(curve_pair_of(CURVE_P256, NULL, zero, sizeof zero, &pair), ERR_CRYPTO);
    assert_int_equal(curve_pair_of(CURVE_P256, NULL, large, sizeof large, &pair), ERR_CRYPTO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_gives_its_point),
        cmocka_unit_test(both_sides_agree_on_what_openssl_agreed_on),
        cmocka_unit_test(made_pairs_agree_on_a_mapped_generator_too),
        cmocka_unit_test(the_mapping_is_nonce_and_agreement_together),
        cmocka_unit_test(a_mapping_to_infinity_is_refused),
        cmocka_unit_test(a_nonce_of_nothing_is_refused),
        cmocka_unit_test(points_that_are_none_are_refused_everywhere),
        cmocka_unit_test(a_signature_holds_for_its_hash_and_key_only),
        cmocka_unit_test(explicit_parameters_are_known_byte_for_byte_or_refused),
        cmocka_unit_test(names_and_parameter_numbers_lead_to_their_curve),
        cmocka_unit_test(a_secret_outside_the_curves_order_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
