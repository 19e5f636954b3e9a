package konce.house;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The house rules, held against everything in the repository. A rule that is broken says where, and what to do
/// instead.
///
/// - the rules' tables: [Imports], [Calls], [Shape], [Texts], [Requirements], [Decoders]
/// - that each rule can fail: [OffenceTest]
class TidyTest {
    private static Building building;
    private static Shape.Findings shape;

    @BeforeAll
    static void read() {
        building = Building.here();
        shape = Shape.of(building);
    }

    @Test
    void theWholeHouseIsRead() {
        assertTrue(
                building.compiled().size() > 100,
                "class files: " + building.compiled().size());
        assertTrue(
                building.sources().size() > 100,
                "sources: " + building.sources().size());
    }

    @Test
    void modulesUseOnlyTheModulesBelow() {
        holds(Imports.ofModules(building));
    }

    @Test
    void packagesUseOnlyTheFloorsBelow() {
        holds(Imports.ofPackages(building));
    }

    @Test
    void sansIoModulesTakeNoThirdParty() {
        holds(Imports.ofThirdParties(building));
    }

    @Test
    void timeAndChanceAreArgumentsAndIoIsElsewhere() {
        holds(Calls.banned(building));
    }

    @Test
    void theCoreTakesNoLock() {
        holds(Calls.locking(building));
    }

    @Test
    void nothingIsSerializedOrFinalized() {
        holds(Calls.inheriting(building));
    }

    @Test
    void nothingSleeps() {
        holds(Calls.sleeping(building));
    }

    @Test
    void noTestNamesAPort() {
        holds(Calls.fixedPorts(building));
    }

    @Test
    void filesAreShort() {
        holds(shape.files());
    }

    @Test
    void methodsAreShort() {
        holds(shape.methods());
    }

    @Test
    void parametersAreFew() {
        holds(shape.parameters());
    }

    @Test
    void namesSaySomething() {
        holds(shape.names());
    }

    @Test
    void nothingStaticChanges() {
        holds(shape.statics());
    }

    @Test
    void switchesOverSealedTypesNameEveryCase() {
        holds(shape.defaults());
    }

    @Test
    void everyPackageHasADoorSign() {
        holds(Texts.doorSigns(building));
    }

    @Test
    void everyModuleIsNullMarked() {
        holds(Texts.nullMarks(building));
    }

    @Test
    void nothingIsPutOff() {
        holds(Texts.unfinished(building));
    }

    @Test
    void nothingNamesAPlaceOutside() {
        holds(Texts.privatePlaces(building));
    }

    @Test
    void everyDecoderIsFuzzed() {
        assertTrue(Decoders.count(building) > 50, "decoders: " + Decoders.count(building));
        holds(Decoders.withoutTarget(building));
        holds(Decoders.unneeded(building));
    }

    @Test
    void testsThatDocumentsNameAreThere() {
        holds(Texts.missingTests(building));
    }

    @Test
    void requirementsAreNumbered() {
        holds(Requirements.unnumbered(building));
    }

    @Test
    void requirementsAreKeptAndTested() {
        holds(Requirements.uncited(building));
    }

    private static void holds(List<String> offences) {
        if (!offences.isEmpty()) {
            fail("offences: " + offences.size() + "\n" + String.join("\n", new TreeSet<>(offences)));
        }
    }
}
